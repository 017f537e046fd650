// Tests of Bundle.
