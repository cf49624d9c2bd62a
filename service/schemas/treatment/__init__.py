"""What the reports answer that ask whether all were treated alike."""
