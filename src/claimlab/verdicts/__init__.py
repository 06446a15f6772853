"""What follows from observations: judges, their rulings, the verdict on each claim, its words. All of it is pure."""
