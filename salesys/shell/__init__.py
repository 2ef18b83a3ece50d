"""What every street's pages share: components, forms, pagination, charts, navigation, error pages."""
