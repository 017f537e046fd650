import Glibc
import TestSupport
import Testing

@testable import Lock

/// Runs only where `AIRLIFT_CONDA_LOCK_PYTHON` names a Python that has conda-lock 4 installed.
@Suite("conda-lock's own parser", .enabled(if: getenv("AIRLIFT_CONDA_LOCK_PYTHON") != nil))
struct CondaLockOracleTests {
    private static let wheels = """
        import pathlib, sys
        from conda_lock.lockfile import parse_conda_lock_file
        lock = parse_conda_lock_file(pathlib.Path(sys.argv[1]))
        assert {p.name: p.version for p in lock.package} == {"flask": "3.0.0", "werkzeug": "3.0", "payroll": "7.1"}
        assert lock.metadata.custom_metadata["airlift.linux-64.glibc"] == "2.28"
        """

    private func judge(_ text: String, _ program: String = wheels) throws -> Int32 {
        let directory = TemporaryDirectory()
        let path = try directory.write("conda-lock.yml", text)
        let script = try directory.write("judge.py", program)
        let python = String(cString: getenv("AIRLIFT_CONDA_LOCK_PYTHON"))
        return system("'\(python)' '\(script)' '\(path)' 2>/dev/null")
    }

    @Test("accepts a lock")
    func accepts() throws {
        #expect(try judge(LockfileTests.sample.text) == 0)
    }

    @Test("and its renderer for conda take a lock of conda packages")
    func conda() throws {
        let program = """
            import pathlib, sys
            from conda_lock.lockfile import parse_conda_lock_file
            lock = parse_conda_lock_file(pathlib.Path(sys.argv[1]))
            conda = {p.name: p for p in lock.package if p.manager == "conda"}
            assert sorted(conda) == ["alone", "odd-name", "python", "six"], conda
            assert [p.name for p in lock.package if p.manager == "pip"] == ["six"]
            assert conda["python"].build == "0_cpython"
            assert conda["odd-name"].version == "1!2.0"
            action = conda["python"].to_fetch_action()
            assert action["fn"] == "python-3.10.13-0_cpython.conda", action
            assert action["depends"] == ["__glibc >=2.36,<3.0.a0", "python_abi 3.10.* *_cp310"], action
            assert [c.url for c in lock.metadata.channels] == ["https://mirror.example/forge", "channel"]
            """
        let sample = CondaLockfileTests.sample.text
        #expect(try judge(sample, program) == 0)
        // Its conda packages must have an MD5.
        let md5 = "    md5: '\(String(repeating: "0e", count: 16))'\n"
        #expect(try judge(sample.replacing(md5, with: ""), program) != 0)
    }

    @Test("refuses a lock with an unknown key, as ours does")
    func refuses() throws {
        #expect(
            try judge(LockfileTests.sample.text.replacing("manager: pip", with: "manager: pip\n  size: 3"))
                != 0)
    }
}
