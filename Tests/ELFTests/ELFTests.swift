// Tests of ELF.
