// Tests of Wheels.
