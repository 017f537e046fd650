"""Gives bills of materials to the official validators, and compares them with each other and the manifest.

    python sbom.py BUNDLE...                 both documents of each bundle, read with zipfile alone
    python sbom.py --documents CDX SPDX      two files

Needs cyclonedx-python-lib[json-validation], spdx-tools and packageurl-python. Exit code 1: something is wrong.
"""

import argparse
import json
import pathlib
import sys
import tempfile
import zipfile

from cyclonedx.model.bom import Bom
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document


def check_cyclonedx(text):
    error = JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)
    if error:
        return [f"CycloneDX: {str(error)[:200]} … {str(error)[-600:]}"]
    document = json.loads(text)
    try:
        # A reader that keeps what it reads as a model of its own.
        Bom.from_json(document).validate()
    except Exception as error:
        return [f"CycloneDX, read by cyclonedx-python-lib: {str(error)[:600]}"]
    faults = []
    components = [document["metadata"]["component"], *walk(document["components"])]
    references = [component["bom-ref"] for component in components]
    if len(references) != len(set(references)):
        faults.append("CycloneDX: a bom-ref is there twice")
    named = [entry["ref"] for entry in document["dependencies"]]
    if len(named) != len(set(named)):
        faults.append("CycloneDX: a dependency entry is there twice")
    for entry in document["dependencies"]:
        named += entry.get("dependsOn", [])
    for composition in document.get("compositions", []):
        named += composition["assemblies"]
    faults += [f"CycloneDX: '{name}' is no component" for name in sorted(set(named) - set(references))]
    for component in components:
        faults += check_purl("CycloneDX", component.get("purl"))
    return faults


def walk(components):
    for component in components:
        yield component
        yield from walk(component.get("components", []))


def check_purl(format, text):
    if text is None:
        return []
    try:
        again = PackageURL.from_string(text).to_string()
    except ValueError as error:
        return [f"{format}: purl {text}: {error}"]
    # It leaves slashes inside of names as they are, and writes the escapes of some types in small letters.
    same = text.replace("%2F", "/").lower() == again.lower()
    return [] if same else [f"{format}: purl {text} is canonically {again}"]


def check_spdx(text):
    with tempfile.TemporaryDirectory() as directory:
        path = pathlib.Path(directory) / "sbom.spdx.json"
        path.write_bytes(text.encode())
        try:
            document = parse_file(str(path))
        except Exception as error:  # its parser collects messages in an exception of its own
            messages = getattr(error, "messages", [str(error)])
            return [f"SPDX: {message}" for message in messages]
    faults = [f"SPDX: {message.validation_message}" for message in validate_full_spdx_document(document)]
    for package in document.packages:
        for reference in package.external_references:
            faults += check_purl("SPDX", reference.locator)
    return faults


def facts_of_cyclonedx(document):
    facts = set()
    for component in [document["metadata"]["component"], *walk(document["components"])]:
        digests = {digest["alg"]: digest["content"] for digest in component.get("hashes", [])}
        facts.add(
            (
                component["name"], component.get("version"), component.get("purl"), digests.get("SHA-256"),
                digests.get("MD5"),
            )
        )
    return facts


def facts_of_spdx(document):
    facts = set()
    for package in document["packages"]:
        digests = {digest["algorithm"]: digest["checksumValue"] for digest in package.get("checksums", [])}
        purls = [reference["referenceLocator"] for reference in package.get("externalRefs", [])]
        facts.add(
            (
                package["name"], package.get("versionInfo"), purls[0] if purls else None,
                digests.get("SHA256"), digests.get("MD5"),
            )
        )
    return facts


def edges_of_cyclonedx(document):
    names = {}
    for component in [document["metadata"]["component"], *document["components"]]:
        names[component["bom-ref"]] = (component["name"], component.get("version"))
    return {
        (names[entry["ref"]], names[other])
        for entry in document["dependencies"]
        for other in entry.get("dependsOn", [])
        if entry["ref"] in names and other in names
    }


def edges_of_spdx(document):
    names = {
        package["SPDXID"]: (package["name"], package.get("versionInfo")) for package in document["packages"]
    }
    top = {
        relation["relatedSpdxElement"]
        for relation in document["relationships"]
        if relation["relationshipType"] in ("CONTAINS", "DESCRIBES")
        and relation["spdxElementId"] in root_of(document)
    } | root_of(document)
    return {
        (names[relation["spdxElementId"]], names[relation["relatedSpdxElement"]])
        for relation in document["relationships"]
        if relation["relationshipType"] == "DEPENDS_ON" and relation["relatedSpdxElement"] in top
    }


def root_of(document):
    return {
        relation["relatedSpdxElement"]
        for relation in document["relationships"]
        if relation["relationshipType"] == "DESCRIBES"
    }


def check(cdx, spdx, manifest=None):
    faults = check_cyclonedx(cdx) + check_spdx(spdx)
    one, other = json.loads(cdx), json.loads(spdx)
    for fact in sorted(facts_of_cyclonedx(one) ^ facts_of_spdx(other), key=str):
        faults.append(f"only one of the two has {fact}")
    for edge in sorted(edges_of_cyclonedx(one) ^ edges_of_spdx(other), key=str):
        faults.append(f"only one of the two says that {edge[0]} needs {edge[1]}")
    if manifest:
        found = {fact[3] for fact in facts_of_cyclonedx(one)}
        expected = {archive["sha256"]: archive["filename"] for archive in manifest["archives"]}
        for file in manifest["files"]:
            if file["source"].startswith("archives/files/"):
                expected[file["sha256"]] = file["path"]
        for entry in manifest["entries"]:
            if entry["path"].startswith("airlift/installer-"):
                expected[entry["sha256"]] = entry["path"]
        faults += [f"'{name}' is not listed" for digest, name in expected.items() if digest not in found]
    return faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--documents", action="store_true")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    arguments = parser.parse_args()
    failed = False
    if arguments.documents:
        cdx, spdx = (path.read_text(encoding="utf-8") for path in arguments.files)
        results = [(arguments.files[0].name, cdx, check(cdx, spdx))]
    else:
        results = []
        for path in arguments.files:
            with zipfile.ZipFile(path) as bundle:
                cdx, spdx, manifest = (
                    bundle.read(f"airlift/{name}").decode()
                    for name in ("sbom.cdx.json", "sbom.spdx.json", "manifest.json")
                )
            results.append((path.name, cdx, check(cdx, spdx, json.loads(manifest))))
    for name, cdx, faults in results:
        count = len(list(walk(json.loads(cdx)["components"])))
        print(f"  {name}: {count} components, {len(faults)} faults")
        for fault in faults[:50]:
            print(f"    {fault}")
        failed = failed or bool(faults)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
