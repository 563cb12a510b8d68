"""Tests, and the long proofs and measurements beside them."""

import signal

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Started in the background of a shell: without this the programs that are started from here would not hear Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
