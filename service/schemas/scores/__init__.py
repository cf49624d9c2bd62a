"""What score reads take and answer."""
