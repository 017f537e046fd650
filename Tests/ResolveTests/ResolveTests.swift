// Tests of Resolve.
