import Failures
import Files
import Glibc
import Testing

@testable import Lock

private let folder = "../shared/data/locks/conda-lock"

/// Real locks of conda-lock, where they are at hand.
@Suite("A lock that another tool wrote", .enabled(if: access(folder, R_OK) == 0))
struct ForeignLockTests {
    @Test("is refused with sentences that name lines, never a fault")
    func refused() throws {
        let directory = try Directory.open(folder)
        for name in try directory.names() {
            let bytes = try directory.contents(of: RelativePath(name))
            let error = #expect(throws: FailureList.self) { try Lockfile.read(bytes, file: name) }
            #expect(error?.failures.allSatisfy { $0.description.hasPrefix("cannot use '\(name)'") } == true)
        }
    }
}
