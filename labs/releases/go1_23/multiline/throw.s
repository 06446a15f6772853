// Lets a function of main.go have no body.
