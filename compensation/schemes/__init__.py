"""Pay schemes: versions, components, and who is paid by which scheme when."""
