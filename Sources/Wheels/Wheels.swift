// Wheels
