import TestSupport
import Testing

/// Kernels before 5.6, and containers whose filter of system calls does not know openat2(2).
@Suite(.enabled(if: Program.exists("strace"), "there is no strace"))
struct OldKernelTests {
    private let scratch = TemporaryDirectory()

    private func without(_ error: String, _ command: [String]) throws -> Outcome {
        try run(
            [
                "strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=openat2", "-e",
                "inject=openat2:error=\(error)",
            ]
                + command)
    }

    @Test(arguments: ["ENOSYS", "EPERM"])
    func withoutOpenat2EverythingIsAsWithIt(error: String) throws {
        let bundle = try Shared.light().bundle
        let prefix = "\(scratch.path)/env"
        let command = ["sh", bundle, "-b", "--no-sync", "--no-compile", "-p", prefix]
        let landed = try without(error, command)
        #expect(landed.code == 0, "\(landed.words)")
        let verified = try without(error, [Product.installer, "verify-install", prefix])
        #expect(verified.code == 0, "\(verified.words)")
        #expect(try run([Product.installer, "verify-install", prefix]).code == 0)
    }
}
