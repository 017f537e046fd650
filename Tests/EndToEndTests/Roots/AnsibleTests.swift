import Files
import Glibc
import TestSupport
import Testing

/// `ansible-playbook`: the one that AIRLIFT_ANSIBLE names, the one on PATH, or one that is installed from the wheel
/// index into `.build/ansible` and kept there.
private enum Ansible {
    static let playbook: String? = {
        if let named = getenv("AIRLIFT_ANSIBLE") { return String(cString: named) }
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let there = path.split(separator: ":").map { "\($0)/ansible-playbook" }
        if let found = there.first(where: { access($0, X_OK) == 0 }) { return found }
        return try? installed()
    }()

    private static func installed() throws -> String? {
        let place = Product.root + "/.build/ansible"
        let playbook = place + "/bin/ansible-playbook"
        if access(playbook, X_OK) == 0 { return playbook }
        let home = TemporaryDirectory()
        let environment = ["HOME": home.path, "LC_ALL": "C.UTF-8"]
        guard try run(["/usr/bin/python3", "-m", "venv", place], environment: environment).code == 0 else {
            return nil
        }
        let pip = [place + "/bin/pip", "--quiet", "--timeout", "10", "--retries", "1", "install"]
        _ = try run(pip + ["ansible-core"], environment: environment)
        return access(playbook, X_OK) == 0 ? playbook : nil
    }
}

/// Playbooks take seconds each, and Ansible's own files are one for all.
@Suite(.serialized, .enabled(if: Ansible.playbook != nil, "there is no ansible-playbook, and none to be had"))
struct AnsibleTests {
    private let scratch = TemporaryDirectory()
    private var root: String { scratch.path + "/payroll" }

    /// Runs the example against this machine.
    private func deploy(_ bundle: String, _ more: [String] = []) throws -> Outcome {
        let spool = scratch.path + "/spool"
        let variables = [
            "airlift_bundle=\(bundle)", "airlift_root=\(root)", "airlift_spool=\(spool)",
            "airlift_become=false", "ansible_python_interpreter=/usr/bin/python3",
        ]
        return try run(
            [
                try #require(Ansible.playbook), "-i", "localhost,", "-c", "local",
                Product.root + "/installers/ansible/deploy.yml",
            ] + (variables + more).flatMap { ["-e", $0] },
            environment: [
                "HOME": scratch.path, "LC_ALL": "C.UTF-8", "ANSIBLE_NOCOLOR": "1",
                "ANSIBLE_HOME": scratch.path + "/ansible",
            ])
    }

    /// `changed` of the play's last lines; nil where it failed.
    private func changed(_ ran: Outcome) -> Int? {
        guard ran.code == 0,
            let recap = ran.output.split(separator: "\n").last(where: { $0.contains("changed=") })
        else { return nil }
        return recap.split(separator: " ").first { $0.hasPrefix("changed=") }.flatMap { Int($0.dropFirst(8)) }
    }

    @Test func `the second run changes nothing, and the next bundle is an upgrade`() throws {
        let bundles = try ThreeBundles.cut()
        let first = try deploy(bundles[0])
        #expect((changed(first) ?? 0) > 0, "\(first.words)")
        let before = try Tree.listing(root)
        let second = try deploy(bundles[0])
        #expect(changed(second) == 0, "\(second.words)")
        #expect(try Tree.listing(root) == before)
        let upgrade = try deploy(bundles[1])
        #expect((changed(upgrade) ?? 0) > 0, "\(upgrade.words)")
        #expect(try run([root + "/.airlift/airlift", "exec", "greet"]).output == "release 2\n")
        let again = try deploy(bundles[1])
        #expect(changed(again) == 0, "\(again.words)")
        // Old releases are removed when there are more than were to be kept.
        let pruned = try deploy(bundles[1], ["airlift_keep=1"])
        #expect(changed(pruned) == 1, "\(pruned.words)")
        #expect(try Tree.names(root + "/releases") == [ThreeBundles.versions[1]])
    }

    @Test func `an older bundle is refused, and nothing is changed`() throws {
        let bundles = try ThreeBundles.cut()
        #expect(changed(try deploy(bundles[1])) != nil)
        let before = try Tree.listing(root)
        let replay = try deploy(bundles[0])
        #expect(
            replay.code != 0 && replay.output.contains("is older than what was installed"), "\(replay.words)")
        #expect(try Tree.listing(root) == before)
    }
}
