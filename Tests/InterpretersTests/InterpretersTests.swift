// Tests of Interpreters.
