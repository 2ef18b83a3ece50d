"""Real data in: the files of another CRM become companies, deals, contracts and payments, and nothing disappears."""
