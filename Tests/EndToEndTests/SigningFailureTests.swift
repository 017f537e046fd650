import Files
import Glibc
import TestSupport
import Testing

/// Whatever happens while a bundle is signed, there is the old one or the new one.
@Suite(.enabled(if: Signers.areThere, "ssh-keygen or unzip is not here")) struct SigningFailureTests {
    private let signers = Signers()

    @Test(.enabled(if: Machine.mayTrace, "strace is not here")) func killedAtAnyStep() throws {
        let bundle = try signers.copy(Shared.light().bundle, "dist/B.sh")
        let before = try Tree.bytes(bundle)
        let signature = try signers.sign(Signers.manifest(of: bundle), with: "alice")
        let sign = [try Product.airlift, "sign", bundle, "--add", signature]
        let steps = ["copy_file_range:1", "pwrite64:1", "pwrite64:2", "fchmod:1", "fsync:1", "renameat:1"]
        for step in steps {
            let parts = step.split(separator: ":")
            let ran = try run(
                [
                    "strace", "-f", "-qq", "-o", signers.path + "/trace", "-e", "trace=\(parts[0])", "-e",
                    "inject=\(parts[0]):signal=KILL:when=\(parts[1])",
                ] + sign)
            #expect(ran.signal == SIGKILL, "\(step): \(ran.words)")
            #expect(try Tree.bytes(bundle) == before, "\(step)")
        }
        let done = try run(sign)
        #expect(done.code == 0, "\(done.words)")
        #expect(try Tree.names(signers.path + "/dist") == ["B.sh"], "what was left behind is cleared")
    }

    @Test(.enabled(if: Machine.mayTrace, "strace is not here"))
    func anyErrorOfTheDiskLeavesTheOldBundle() throws {
        let bundle = try signers.copy(Shared.light().bundle, "dist/B.sh")
        let before = try Tree.bytes(bundle)
        let signature = try signers.sign(Signers.manifest(of: bundle), with: "alice")
        let sign = [try Product.airlift, "sign", bundle, "--add", signature]
        for (call, error) in [
            ("copy_file_range", "ENOSPC"), ("pwrite64", "ENOSPC"), ("fsync", "EIO"), ("renameat", "EACCES"),
            ("fchmod", "EPERM"),
        ] {
            let ran = try run(
                [
                    "strace", "-f", "-qq", "-o", signers.path + "/trace", "-e", "trace=\(call)", "-e",
                    "inject=\(call):error=\(error):when=1+",
                ] + sign)
            #expect(ran.code == 7, "\(call): \(ran.words)")
            #expect(try Tree.bytes(bundle) == before)
            #expect(try Tree.names(signers.path + "/dist") == ["B.sh"])
        }
        // Where the kernel cannot copy between the files, they are read and written.
        let byHand = try run(
            [
                "strace", "-f", "-qq", "-o", signers.path + "/trace", "-e", "trace=copy_file_range", "-e",
                "inject=copy_file_range:error=EXDEV:when=1+",
            ] + sign)
        #expect(byHand.code == 0, "\(byHand.words)")
        #expect(try run([Product.airlift, "verify", bundle]).code == 0)
    }

    @Test(.enabled(if: Machine.mayMount, "only root may mount")) func aFullOrReadOnlyDisk() throws {
        let bundle = try Shared.light().bundle
        let key = try signers.key("alice")
        let place = signers.path + "/disk"
        _ = try Directory.create(place)
        let size = try Tree.bytes(bundle).count
        let script = """
            set -e
            mount -t tmpfs -o size=\(size + 4_000_000) none '\(place)'
            cp '\(bundle)' '\(place)/B.sh'
            '\(try Product.airlift)' sign '\(place)/B.sh' --key '\(key)' && exit 99 || echo "full: $?"
            mount -o remount,ro '\(place)'
            '\(try Product.airlift)' sign '\(place)/B.sh' --key '\(key)' && exit 99 || echo "read-only: $?"
            cmp '\(bundle)' '\(place)/B.sh' && ls -A '\(place)'
            """
        let ran = try run(["unshare", "-m", "sh", "-c", script])
        #expect(ran.code == 0, "\(ran.words)")
        #expect(ran.output == "full: 7\nread-only: 7\nB.sh\n", "\(ran.words)")
        #expect(ran.errors.contains("No space left") && ran.errors.contains("Read-only"), "\(ran.words)")
    }
}
