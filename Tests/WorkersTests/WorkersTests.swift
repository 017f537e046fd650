// Tests of Workers.
