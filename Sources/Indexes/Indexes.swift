// Indexes
