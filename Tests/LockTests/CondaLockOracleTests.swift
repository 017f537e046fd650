import Glibc
import TestSupport
import Testing

@testable import Lock

/// Runs only where `AIRLIFT_CONDA_LOCK_PYTHON` names a Python that has conda-lock 4 installed.
@Suite("conda-lock's own parser", .enabled(if: getenv("AIRLIFT_CONDA_LOCK_PYTHON") != nil))
struct CondaLockOracleTests {
    private func judge(_ text: String) throws -> Int32 {
        let directory = TemporaryDirectory()
        let path = try directory.write("conda-lock.yml", text)
        let program = """
            import pathlib, sys
            from conda_lock.lockfile import parse_conda_lock_file
            lock = parse_conda_lock_file(pathlib.Path(sys.argv[1]))
            assert {p.name: p.version for p in lock.package} == {"flask": "3.0.0", "werkzeug": "3.0", "payroll": "7.1"}
            assert lock.metadata.custom_metadata["airlift.linux-64.glibc"] == "2.28"
            """
        let script = try directory.write("judge.py", program)
        let python = String(cString: getenv("AIRLIFT_CONDA_LOCK_PYTHON"))
        return system("'\(python)' '\(script)' '\(path)' 2>/dev/null")
    }

    @Test("accepts a lock")
    func accepts() throws {
        #expect(try judge(LockfileTests.sample.text) == 0)
    }

    @Test("refuses a lock with an unknown key, as ours does")
    func refuses() throws {
        #expect(
            try judge(LockfileTests.sample.text.replacing("manager: pip", with: "manager: pip\n  size: 3"))
                != 0)
    }
}
