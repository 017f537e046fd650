"""What importlib.metadata says of this interpreter's environment, as JSON. Run with the environment's Python."""
import importlib.metadata
import json
import os
import sys

described = []
for found in importlib.metadata.distributions():
    points = [[point.group, point.name, point.value] for point in found.entry_points]
    missing = [
        str(file) for file in found.files or [] if not file.name.endswith(".pyc") and not os.path.exists(file.locate())
    ]
    described.append([found.metadata["Name"], found.version, sorted(found.requires or []), sorted(points), missing])
json.dump(sorted(described), sys.stdout, indent=1)
