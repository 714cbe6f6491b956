"""late.py SECONDS COMMAND...: an adapter to which the harness's commands come so much later; the network is as fast as ever."""
import os
import subprocess
import sys
import time

adapter = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE)
while commands := os.read(0, 65536):
    time.sleep(float(sys.argv[1]))
    adapter.stdin.write(commands)
    adapter.stdin.flush()
adapter.stdin.close()
sys.exit(adapter.wait())
