// Tests of Install.
