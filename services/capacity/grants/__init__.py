"""What capacity tells others of a member's year: its grant, and that nearly all of it is used."""
