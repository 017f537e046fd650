import Files
import Glibc
import TestSupport
import Testing

/// The same lock, version and installer give the same bytes: whoever cuts, wherever, and however the files lie there.
@Suite struct DeterminismTests {
    /// One way of cutting the same project.
    struct Setting: CustomTestStringConvertible, Sendable {
        let testDescription: String
        /// Before the command.
        var wrapper: [String] = []
        var environment: [String: String] = [:]
        var arguments: [String] = []
        /// Of the copy, below a directory of its own.
        var directory = "payroll"
        /// What the command calls the project; nil for its path.
        var called: String?
        /// Seconds since 1970 of every file of the copy.
        var modified: Int64?
        var umask = "022"

        init(_ what: String, _ change: (inout Setting) -> Void) {
            testDescription = what
            change(&self)
        }
    }

    private static let locales: Set<String> = {
        let known = (try? run(["locale", "-a"]))?.output ?? ""
        return Set(known.split(separator: "\n").map { $0.lowercased() })
    }()

    /// A user without a name, a home or a group.
    private static let stranger = [
        "setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups", "--inh-caps", "-all",
    ]

    static let settings: [Setting] = {
        var settings = [
            Setting("the same again") { _ in },
            Setting("umask 077") { $0.umask = "077" },
            Setting("umask 000") { $0.umask = "000" },
            Setting("far east") { $0.environment = ["TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"] },
            Setting("no locale") { $0.environment = ["LC_ALL": "C", "LANG": "C", "TZ": "UTC+12"] },
            Setting("one transfer at a time") { $0.arguments = ["-j", "1"] },
            Setting("two transfers at a time") { $0.arguments = ["-j", "2"] },
            Setting("a long way down, not ASCII") {
                $0.directory =
                    "größe/日本 語/" + String(repeating: "a-very-long-name-", count: 8) + "/pay roll'\""
            },
            Setting("through a symbolic link") { $0.called = "link" },
            Setting("from within") { $0.called = "." },
            Setting("old files") { $0.modified = 1 },
            Setting("files of the future") { $0.modified = 4_102_444_800 },
            Setting("another day") { $0.environment = ["SOURCE_DATE_EPOCH": "86400"] },
        ]
        if locales.contains("tr_tr.utf8") {
            settings.append(
                Setting("Turkish") { $0.environment = ["LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"] })
        }
        if Machine.isRoot, Program.exists("setpriv") {
            settings.append(
                Setting("another user") {
                    $0.wrapper = stranger
                    $0.umask = "077"
                })
        }
        if Machine.mayMount {
            settings.append(
                Setting("another host") {
                    $0.wrapper = ["unshare", "-u", "sh", "-c", "hostname elsewhere && exec \"$0\" \"$@\""]
                })
        }
        return settings
    }()

    /// A project of every kind of part: conda packages, wheels of an index and of a path, files, a licence.
    private struct Scene {
        let workshop: Workshop
        let index: ToyIndex
        let channel: LocalChannel
        let bundle: String
        let product: TemporaryDirectory
    }

    // Unsafe for the compiler alone: made once by a lazy static, and only read after that.
    nonisolated(unsafe) private static let scene = Result {
        let channel = try LocalChannel.made()
        let workshop = try Workshop()
        let index = ToyIndex()
        let local = try WheelBuilder("local-tool", "3.0").write(to: workshop.scratch, below: "payroll/dist")
        try workshop.scratch.write("payroll/LICENSE", "As you like.\n")
        try workshop.scratch.write("payroll/run.sh", "#!/bin/sh\n", permissions: 0o755)
        try workshop.scratch.write("payroll/größe.toml", "größe = 1\n")
        try workshop.condaSpec(
            channels: ["file://" + channel.path], dependencies: channel.pins, index: index.url,
            requirements: ["greeter==1.0", "shouter==2.0", "./dist/\(local.filename)"],
            more: """
                [files]
                "bin/run" = "run.sh"
                "etc/größe.toml" = "größe.toml"

                [install]
                bytecode = "bundle"
                license = "LICENSE"
                """)
        let bundle = try workshop.cut()
        // Where a stranger may read it.
        let product = TemporaryDirectory()
        for name in ["bin/airlift", "libexec/airlift/airlift-installer-linux-64"] {
            try product.write(
                name, Tree.bytes("\(Product.root)/.build/product/\(name)"), permissions: 0o755)
        }
        for path in [product.path, channel.scratch.path] { chmod(path, 0o755) }
        _ = try run(["chmod", "-R", "a+rX", product.path, channel.scratch.path])
        return Scene(workshop: workshop, index: index, channel: channel, bundle: bundle, product: product)
    }

    /// A copy of the project, its files made in another order and with other times.
    private func copy(_ setting: Setting, to scratch: TemporaryDirectory) throws -> String {
        let scene = try Self.scene.get()
        let project = "\(scratch.path)/\(setting.directory)"
        _ = try Directory.create(project)
        let source = try Directory.open(scene.workshop.project)
        var files: [(RelativePath, UInt32)] = []
        try source.walk { path, status in
            if status.kind == .file { files.append((path, status.permissions)) }
        }
        let copied = try Directory.open(project)
        for (path, permissions) in files.reversed() {
            if let parent = path.parent { _ = try copied.createDirectories(parent) }
            let bytes = try source.contents(of: path, limit: 1 << 30)
            let file = try copied.createFile(path, permissions: permissions)
            try file.write(bytes)
            if let modified = setting.modified { try file.setModificationTime(modified) }
        }
        #expect(symlink(project, "\(scratch.path)/link") == 0)
        if !setting.wrapper.isEmpty, setting.wrapper == Self.stranger {
            _ = try run(["chown", "-R", "54321:54321", scratch.path])
        }
        return project
    }

    @Test(arguments: settings)
    func theBytesAreTheSame(_ setting: Setting) throws {
        let scene = try Self.scene.get()
        let scratch = TemporaryDirectory()
        let project = try copy(setting, to: scratch)
        let inside = setting.called == "."
        let called = setting.called.map { inside ? $0 : "\(scratch.path)/\($0)" } ?? project
        let command =
            setting.wrapper + [
                "sh", "-c", "umask \(setting.umask) && exec \"$0\" \"$@\"",
                "\(scene.product.path)/bin/airlift", "cut", "--locked", called, "--output",
                "\(scratch.path)/out", "--calver", "2026.11.21",
            ] + setting.arguments
        let environment = [
            "HOME": "\(scratch.path)/home", "TMPDIR": "\(scratch.path)/tmp",
            "AIRLIFT_CACHE": "\(scratch.path)/a cache",
        ].merging(setting.environment) { $1 }
        _ = try Directory.create("\(scratch.path)/tmp")
        chmod("\(scratch.path)/tmp", 0o1777)
        let ran = try run(command, in: inside ? project : "/", environment: environment)
        #expect(ran.code == 0, "\(ran.words)")
        let bundle = "\(scratch.path)/out/payroll-2026.11.21-linux-64.sh"
        let same = try Tree.bytes(bundle) == Tree.bytes(scene.bundle)
        #expect(same)
        guard !same else { return }
        let compared = try run([Product.airlift, "diff", scene.bundle, bundle])
        Issue.record("\(compared.words)")
    }

    @Test(
        .enabled(
            if: Machine.isRoot && Program.exists("setpriv"), "cutting as another user takes root and setpriv")
    )
    func anotherUserIsAmongTheSettings() throws {
        #expect(Self.settings.contains { $0.wrapper == Self.stranger })
        let who = try run(Self.stranger + ["id", "-u"])
        #expect(who.output == "54321\n", "\(who.words)")
    }

    @Test(.enabled(if: locales.contains("tr_tr.utf8"), "the locale tr_TR.UTF-8 is not here"))
    func turkishIsAmongTheSettings() {
        #expect(Self.settings.contains { $0.testDescription == "Turkish" })
    }

    /// The same machine's interpreter is the same, whoever captures it.
    @Test(
        .enabled(
            if: Machine.isRoot && Program.exists("setpriv"),
            "capturing as another user takes root and setpriv")
    )
    func anotherUserCapturesTheSame() throws {
        let scene = try Self.scene.get()
        let scratch = TemporaryDirectory()
        _ = try run(["chown", "54321:54321", scratch.path])
        let ran = try run(
            Self.stranger + [
                "sh", "-c", "umask 077 && exec \"$0\" \"$@\"", "\(scene.product.path)/bin/airlift", "python",
                "capture", "/usr/bin/python3", "-o", scratch.path + "/python.tar.zst",
            ],
            environment: [
                "HOME": "/nonexistent", "TMPDIR": scratch.path, "TZ": "Pacific/Kiritimati", "LC_ALL": "C",
            ])
        #expect(ran.code == 0, "\(ran.words)")
        #expect(try Tree.digest(scratch.path + "/python.tar.zst").hex == Shared.interpreter().sha256)
    }

    /// The bundle that one user cut is what another one cuts from it.
    @Test(
        .enabled(
            if: Machine.isRoot && Program.exists("setpriv"), "cutting as another user takes root and setpriv")
    )
    func anotherUserRebuildsIt() throws {
        let scene = try Self.scene.get()
        let scratch = TemporaryDirectory()
        let bundle = try scratch.write("there/bundle.sh", Tree.bytes(scene.bundle), permissions: 0o755)
        _ = try run(["chown", "-R", "54321:54321", scratch.path])
        let ran = try run(
            Self.stranger + ["\(scene.product.path)/bin/airlift", "rebuild", "--check", bundle],
            in: "\(scratch.path)/there",
            environment: ["HOME": "/nonexistent", "TMPDIR": scratch.path + "/there", "LC_ALL": "C"])
        #expect(ran.code == 0, "\(ran.words)")
    }
}
