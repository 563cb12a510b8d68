"""What goes in and out of the API: the fields of each thing, with their bounds."""
