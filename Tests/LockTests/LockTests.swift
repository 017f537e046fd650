// Tests of Lock.
