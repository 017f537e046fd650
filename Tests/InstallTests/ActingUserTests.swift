import Glibc
import TestSupport
import Testing

@testable import Install

@Suite struct ActingUserTests {
    let host = TemporaryDirectory()

    @Test(
        arguments: [
            Case("a user", ("root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n", "ada")),
            Case("the first of two names", ("ada:x:1000:1::/:\nlovelace:x:1000:1::/:\n", "ada")),
            Case("no line end", ("ada:x:1000:1::/:", "ada")),
            Case("a name that is not ASCII", ("jos\u{e9}:x:1000:1::/:\n", "jos\u{e9}")),
            Case("nobody of that number", ("root:x:0:0::/root:/bin/sh\n", nil)),
            Case("an empty file", ("", nil)),
            Case("a line cut short", ("ada:x:1000", nil)),
            Case("no name", (":x:1000:1::/:\n", nil)),
            Case("a line for another service", ("+@staff::::::\nada:x:1000:1::/:\n", "ada")),
        ] as [Case<(String, String?)>])
    func `names come out of passwd`(_ table: Case<(String, String?)>) throws {
        try host.write("etc/passwd", table.value.0)
        #expect(ActingUser.name(of: 1000, in: "\(host.path)/etc/passwd") == table.value.1)
    }

    @Test func `a host without passwd has numbers`() {
        #expect(ActingUser.current([:], root: host.path) == ActingUser(uid: geteuid()))
    }

    @Test func `who called sudo counts for root alone`() {
        let user = ActingUser.current(["SUDO_USER": "ada"], root: host.path)
        #expect(user.sudoUser == (geteuid() == 0 ? "ada" : nil))
        #expect(ActingUser.current(["SUDO_USER": ""], root: host.path).sudoUser == nil)
    }

    @Test(
        arguments: [
            Case(
                "in double quotes",
                ("NAME=x\nPRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\n", "Debian GNU/Linux 12 (bookworm)")
            ),
            Case("in single quotes", ("PRETTY_NAME='Alpine'\n", "Alpine")),
            Case("without quotes", ("PRETTY_NAME=Arch", "Arch")),
            Case("escaped", ("PRETTY_NAME=\"a\\\"b\\\\\"", "a\"b\\")),
            Case("a lone quote", ("PRETTY_NAME=\"", "\"")),
            Case("empty", ("PRETTY_NAME=\"\"\n", nil)), Case("absent", ("NAME=x\n", nil)),
        ] as [Case<(String, String?)>])
    func `the system's name comes out of os-release`(_ file: Case<(String, String?)>) throws {
        try host.write("etc/os-release", file.value.0)
        #expect(HostFacts.current(root: host.path).os == file.value.1)
    }

    @Test func `the host is the one that the kernel names`() throws {
        let facts = HostFacts.current(root: host.path)
        var names = utsname()
        uname(&names)
        #expect(facts.machine == HostDescription.current().machine)
        #expect(!facts.name.isEmpty && !facts.kernel.isEmpty && facts.os == nil)
    }
}
