@rem npm's scripts say `exec node ...`, so that stopping npm stops the program: Windows has no such word, and runs this.
@%*
