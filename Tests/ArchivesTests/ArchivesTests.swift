// Tests of Archives.
