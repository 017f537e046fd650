import Conda
import Digests
import Glibc
import TestSupport
import Testing

/// Runs only where `AIRLIFT_RATTLER_PYTHON` names a Python that has py-rattler installed.
@Suite("py-rattler", .enabled(if: getenv("AIRLIFT_RATTLER_PYTHON") != nil))
struct RattlerOracleTests {
    private func judge(_ files: [String: [UInt8]], _ program: String) throws -> Int32 {
        let directory = TemporaryDirectory()
        for (name, bytes) in files { try directory.write(name, bytes) }
        let script = try directory.write("judge.py", program)
        let python = String(cString: getenv("AIRLIFT_RATTLER_PYTHON"))
        return system("cd '\(directory.path)' && '\(python)' '\(script)'")
    }

    @Test("reads our records as we mean them")
    func record() throws {
        let record = PrefixRecordTests.sample
        let program = """
            import rattler
            record = rattler.PrefixRecord.from_path("\(record.filename)")
            assert record.name.normalized == "tool" and str(record.version) == "1.0", record
            assert str(record.build) == "py_0" and record.build_number == 2
            assert [str(f) for f in record.files][:1] == ["lib/python3.10/site-packages/tool.py"]
            assert record.requested_specs == ["tool >=1"], record.requested_specs
            assert record.size == 123 and record.sha256.hex() == "\(PrefixRecordTests.digest.hex)"
            assert record.url.endswith("linux-64/tool-1.0-py_0.conda")
            paths = record.paths_data.paths
            assert len(paths) == 4
            first = paths[0]
            assert first.sha256.hex() == "\(PrefixRecordTests.digest.hex)"
            assert first.sha256_in_prefix.hex() == "\(SHA256.hash("other").hex)"
            assert first.size_in_bytes == 7 and first.prefix_placeholder == "/opt/old"
            assert first.path_type.hardlink and not first.no_link
            assert paths[1].path_type.pyc_file and paths[2].path_type.unix_python_entry_point
            assert paths[3].path_type.softlink
            """
        #expect(try judge([record.filename: record.json()], program) == 0)
        // The judgement can be another one.
        let other = String(decoding: record.json(), as: UTF8.self).replacing(
            "\"softlink\"", with: "\"hardlink\"")
        #expect(try judge([record.filename: Array(other.utf8)], program + " # \(#line)") != 0)
    }
}
