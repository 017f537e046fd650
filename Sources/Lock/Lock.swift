// Lock
