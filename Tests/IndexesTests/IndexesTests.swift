// Tests of Indexes.
