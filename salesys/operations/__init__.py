"""What the people who run salesys look at: health, metrics, logs, processes."""
