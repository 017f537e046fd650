import Bundle
import Failures
import Files
import TestSupport
import Testing

@testable import Install

/// `pre-unlink` scripts: when an environment is removed, if its link scripts were allowed when it was installed.
@Suite(.enabled(if: HostPython.isThere, "there is no /usr/bin/python3")) struct PreUnlinkTests {
    let landing = Landing()

    private func bundle(_ scripts: [(String, String)], linkScripts: [String]?) throws -> BundleReader {
        try landing.bundle(
            conda: scripts.map { name, text in
                CondaPackageBuilder(name) { $0.linkScripts = ["pre-unlink": text] }
            }, linkScripts: linkScripts)
    }

    private var said: String { "\(landing.scratch.path)/said" }

    private func remove(force: Bool = false, linkScripts: Bool = true) throws {
        _ = try Uninstallation.run(
            landing.prefix, force: force, linkScripts: linkScripts, environment: ["SAID": said])
    }

    private func words() throws -> String? {
        guard try landing.scratch.directory().status(of: RelativePath("said")) != nil else { return nil }
        return String(
            decoding: try landing.scratch.directory().contents(of: RelativePath("said")), as: UTF8.self)
    }

    @Test func `they run in the reverse order of installation`() throws {
        let script = "echo $PKG_NAME $PREFIX >> $SAID"
        try landing.install(bundle([("a", script), ("b", script)], linkScripts: ["a", "b"]))
        #expect(try words() == nil)
        try remove()
        #expect(try words() == "b \(landing.prefix)\na \(landing.prefix)\n")
        #expect(try landing.neighbours == [])
    }

    @Test func `they do not run where nobody allowed it, or where it is not wished`() throws {
        let script = "echo $PKG_NAME >> $SAID"
        try landing.install(bundle([("a", script)], linkScripts: nil))
        try remove()
        try landing.install(bundle([("a", script)], linkScripts: ["a"])) { $0.linkScripts = .none }
        try remove()
        try landing.install(bundle([("a", script)], linkScripts: ["a"]))
        try remove(linkScripts: false)
        #expect(try words() == nil && landing.neighbours == [])
    }

    @Test func `they do not run when the environment is replaced, which is kept`() throws {
        try landing.install(bundle([("a", "exit 1")], linkScripts: ["a"]))
        try landing.install(landing.bundle(conda: [CondaPackageBuilder("b")])) { $0.update = true }
        try remove()
        #expect(try landing.neighbours == [])
    }

    @Test func `one that fails keeps the environment, unless forced`() throws {
        try landing.install(bundle([("a", "echo why; exit 4")], linkScripts: ["a"]))
        let error = failure { try remove() }
        #expect(
            error?.description.contains("exit status 4") == true && error?.description.contains("why") == true
        )
        #expect(error?.description.contains("-s") == true)
        #expect(try landing.status("bin/activate") != nil)
        try remove(force: true)
        #expect(try landing.neighbours == [])
    }

    @Test(arguments: ["bin/.a-pre-unlink.sh", "bin/activate"])
    func `one that was changed is not run`(path: String) throws {
        try landing.install(bundle([("a", ":")], linkScripts: ["a"]))
        try landing.put(path, "touch $SAID", permissions: path == "bin/activate" ? 0o644 : 0o755)
        let error = failure { try remove() }
        #expect(error?.kind == .damaged && error?.description.contains("bin/.a-pre-unlink.sh") == true)
        #expect(try words() == nil)
    }
}
