"""Pages of payroll: periods, runs, what nobody is credited for."""
