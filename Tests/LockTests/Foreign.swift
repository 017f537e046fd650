import Failures
import Files
import Glibc
import TestSupport

@testable import Lock

/// What tests of foreign locks ask for.
enum Foreign {
    static func read(_ text: String, file: String = "foreign.lock") throws(FailureList) -> ForeignLock {
        try ForeignLock.read(Array(text.utf8), file: file)
    }

    /// The sentences of the refusal, "none" without one.
    static func problems(_ text: String, platform: String? = nil, environment: String? = nil) -> String {
        do throws(FailureList) {
            let lock = try read(text)
            if let platform { _ = try lock.packages(platform: platform, environment: environment) }
            return "none"
        } catch { return error.description }
    }

    /// Where real locks of other tools lie, if they are at hand.
    static let locks = SharedData.directory("locks")
    static let lists = SharedData.directory("misc")

    /// The bytes of a file, decompressed if its name ends with `.zst`; nil where that cannot be done here.
    static func bytes(_ folder: String, _ name: String) throws -> [UInt8]? {
        guard name.hasSuffix(".zst") else {
            return try Directory.open(folder).contents(of: RelativePath(name))
        }
        let scratch = TemporaryDirectory()
        guard system("zstd -dqc '\(folder)/\(name)' > '\(scratch.path)/plain' 2>/dev/null") == 0 else {
            return nil
        }
        return try scratch.directory().contents(of: RelativePath("plain"))
    }
}
