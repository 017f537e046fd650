import Digests
import TestSupport
import Testing

/// Servers, and what they offer.
@Suite struct BadIndexTests {
    typealias Answer = LoopbackServer.Answer

    /// Runs a command that must fail; the spec's directory and the archives of the store stay as they are.
    private func refuse(
        _ workshop: Workshop, _ command: String..., code: Int32, _ words: String...
    ) throws {
        let before = try workshop.listing("payroll")
        let archives = try workshop.listing("cache/archives")
        let ran = try run([Product.airlift] + command + [workshop.project], environment: workshop.environment)
        #expect(ran.code == code, "\(ran.words)")
        for word in words { #expect(ran.errors.contains(word), "\(ran.words)") }
        #expect(ran.output == "")
        #expect(try workshop.listing("payroll") == before)
        #expect(
            try workshop.listing("cache/archives").filter { !$0.contains("directory") }
                == archives.filter { !$0.contains("directory") })
        #expect(try Tree.names(workshop.cache + "/partial").isEmpty)
    }

    /// All at once: each waits some seconds between its attempts.
    @Test func aPageThatDoesNotComeIsAnErrorOfTheNetwork() throws {
        let running = try [
            (Answer.status(500), "try again later"), (.status(403), "credentials"),
            (.ok("hello", type: "text/html").ending(.cut(after: 2)), "greeter"),
        ].map { answer, word in
            let index = ToyIndex { $0.path.hasPrefix("/simple/greeter") ? answer : nil }
            let workshop = try Workshop()
            try workshop.spec(index: index.url)
            let before = try workshop.listing("payroll")
            return (index, workshop, word, before, try workshop.start("lock", workshop.project))
        }
        for (_, workshop, word, before, program) in running {
            let ran = try program.wait()
            #expect(ran.code == 9 && ran.output == "", "\(ran.words)")
            #expect(ran.errors.contains(word) && ran.errors.contains("greeter"), "\(ran.words)")
            #expect(try workshop.listing("payroll") == before)
            #expect(try Tree.names(workshop.cache + "/partial").isEmpty)
        }
    }

    @Test func aPageOfGarbageIsDamage() throws {
        for answer in [
            Answer.ok("{\"meta\": ", type: "application/vnd.pypi.simple.v1+json"),
            .ok([0xff, 0xfe, 0x00], type: "application/vnd.pypi.simple.v1+json"),
            .ok("GIF89a", type: "image/gif"),
        ] {
            let index = ToyIndex { $0.path.hasPrefix("/simple/greeter") ? answer : nil }
            let workshop = try Workshop()
            try workshop.spec(index: index.url)
            try refuse(workshop, "lock", code: 3, "greeter")
        }
    }

    @Test func nobodyListeningIsAnErrorOfTheNetwork() throws {
        let workshop = try Workshop()
        try workshop.spec(index: "http://127.0.0.1:1/simple")
        try refuse(workshop, "lock", code: 9, "127.0.0.1:1")
        try workshop.spec(index: "nowhere/simple")
        try refuse(workshop, "lock", code: 7, "nowhere/simple")
    }

    @Test func whatIsNotThereIsNoSolution() throws {
        let workshop = try Workshop()
        let index = ToyIndex(
            ToyIndex.greeting + [
                WheelBuilder("compiled", "1.0") { $0.tag = "cp38-cp38-manylinux_2_17_x86_64" },
                WheelBuilder("compiled", "1.0") { $0.tag = "cp38-cp38-win_amd64" },
                WheelBuilder("future", "1.0") { $0.requiresPython = ">=4" },
            ])
        func refused(_ requirements: [String], _ words: String...) throws {
            try workshop.spec(index: index.url, requirements: requirements)
            let ran = try workshop.airlift("lock", workshop.project)
            #expect(ran.code == 8, "\(ran.words)")
            for word in words { #expect(ran.errors.contains(word), "\(ran.words)") }
            #expect(ran.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("airlift: ") })
            #expect(!Tree.exists(workshop.project + "/conda-lock.yml"))
        }
        try refused(["nobody==1.0"], "nobody")
        try refused(["greeter==7.0", "shouter==2.0"], "greeter", "7.0", "1.0")
        try refused(["compiled==1.0"], "cp38", "manylinux_2_17_x86_64", "win_amd64")
        try refused(["future==1.0"], ">=4", Shared.minorVersion)
        try refused(["greeter==1.0"], "shouter", "greeter")
        try refused(["shouter==2.0", "shouter==2.1"], "shouter")
        try workshop.spec(index: index.url)
        #expect(try workshop.airlift("lock", workshop.project).code == 0)
    }

    @Test func anArchiveThatDoesNotComeWholeIsNotKept() throws {
        let name = "/files/shouter-2.0-py3-none-any.whl"
        let good = WheelBuilder("shouter", "2.0").bytes
        var other = good
        other[40] ^= 1
        let sound = ToyIndex()
        let cases: [(Answer, Int32, String)] = [
            (.status(404), 9, "404"), (.status(500), 9, "500"), (.ok(other), 3, "SHA-256"),
            (.ok(Array(good.dropLast())), 3, "bytes"), (.ok(good + [0]), 3, "bytes"),
            (.ok(good).ending(.cut(after: 100)), 9, "shouter"),
        ]
        let running = try cases.map { answer, code, word in
            let workshop = try Workshop()
            try workshop.spec(index: sound.url)
            #expect(try workshop.airlift("lock", workshop.project).code == 0)
            let unsound = ToyIndex { $0.path == name ? answer : nil }
            let lock = try Tree.text(workshop.project + "/conda-lock.yml")
            try workshop.scratch.write(
                "payroll/conda-lock.yml", lock.replacing(sound.server.url, with: unsound.server.url))
            return (unsound, workshop, code, word, lock, try workshop.start("fetch", workshop.project))
        }
        for (_, workshop, code, word, lock, program) in running {
            let fetch = try program.wait()
            #expect(fetch.code == code, "\(fetch.words)")
            #expect(fetch.errors.contains(word) && fetch.errors.contains("shouter"), "\(fetch.words)")
            let kept = try workshop.listing("cache/archives").filter { !$0.contains(" directory ") }
            #expect(kept.count == 1, "the other archive stays: \(kept)")
            #expect(try Tree.names(workshop.cache + "/partial").isEmpty)
            // The same store serves once the server is sound again.
            try workshop.scratch.write("payroll/conda-lock.yml", lock)
            #expect(try workshop.airlift("fetch", workshop.project).code == 0)
        }
    }

    @Test func credentialsAreNeverTold() throws {
        let workshop = try Workshop()
        let index = ToyIndex { $0.path.contains("simple") ? .status(401) : nil }
        try workshop.spec(index: index.url.replacing("http://", with: "http://user:hunter2@"))
        let ran = try workshop.airlift("lock", "--json", workshop.project)
        #expect(ran.code == 9 && !ran.words.contains("hunter2"), "\(ran.words)")

        let open = ToyIndex()
        try workshop.spec(index: open.url.replacing("http://", with: "http://user:hunter2@"))
        #expect(try workshop.airlift("lock", workshop.project).code == 0)
        #expect(try !Tree.text(workshop.project + "/conda-lock.yml").contains("hunter2"))
    }

    /// A wheel that an installer would refuse never crosses the gap.
    @Test func wheelsThatAreNoneAreFoundWhileCutting() throws {
        let bad: [(WheelBuilder, String)] = [
            (
                WheelBuilder("shouter", "2.0") {
                    $0.editRecord = { $0[0] = .init($0[0].path, hash: $0[0].hash, size: "1") }
                }, "RECORD"
            ),
            (
                WheelBuilder("shouter", "2.0") {
                    $0.editMembers = { $0.append(ZipMember("shouter/extra.py", Array("1".utf8))) }
                }, "shouter/extra.py"
            ),
            (
                WheelBuilder("shouter", "2.0") {
                    $0.editRecord = { $0.append(.init("shouter/gone.py", Array("1".utf8))) }
                }, "shouter/gone.py"
            ),
            (
                WheelBuilder("shouter", "2.0") {
                    $0.files.append(.init("../../outside.py", "1"))
                }, "../../outside.py"
            ),
            (
                WheelBuilder("shouter", "2.0") {
                    $0.files.append(.init("shouter/link", "/etc/passwd", mode: 0o120777))
                }, "shouter/link"
            ),
            (
                WheelBuilder("shouter", "2.0") {
                    $0.entryPoints = [("console_scripts", ["x = os:system('id')"])]
                }, "x"
            ),
        ]
        for (wheel, word) in bad {
            let workshop = try Workshop()
            let index = ToyIndex([ToyIndex.greeting[0], wheel])
            try workshop.spec(index: index.url)
            #expect(try workshop.airlift("lock", workshop.project).code == 0)
            let before = try workshop.listing("payroll")
            let cut = try workshop.airlift("cut", workshop.project)
            #expect(cut.code == 3, "\(cut.words)")
            #expect(
                cut.errors.contains("shouter-2.0-py3-none-any.whl") && cut.errors.contains(word),
                "\(cut.words)")
            #expect(try workshop.listing("payroll") == before)
        }
    }

    @Test func aTruncatedLocalWheelIsFound() throws {
        let whole = WheelBuilder("shouter", "2.0").bytes
        for bytes in [[], Array(whole.prefix(whole.count / 2)), Array("no zip".utf8)] {
            let workshop = try Workshop()
            try workshop.scratch.write("payroll/dist/shouter-2.0-py3-none-any.whl", bytes)
            try workshop.spec(requirements: ["./dist/shouter-2.0-py3-none-any.whl"])
            let before = try workshop.listing("payroll")
            let lock = try workshop.airlift("lock", workshop.project)
            #expect(lock.code == 3 && lock.errors.contains("shouter-2.0-py3-none-any.whl"), "\(lock.words)")
            #expect(try workshop.listing("payroll") == before)
        }
        let workshop = try Workshop()
        try workshop.scratch.write("payroll/dist/shouter-2.0-py3-none-any.whl", whole)
        try workshop.spec(requirements: ["./dist/shouter-2.0-py3-none-any.whl"])
        #expect(try workshop.airlift("cut", workshop.project).code == 0)
        // Changed after it was locked.
        try workshop.scratch.write(
            "payroll/dist/shouter-2.0-py3-none-any.whl",
            WheelBuilder("shouter", "2.0", files: [.init("shouter/__init__.py", "changed = 1\n")]).bytes)
        let cut = try workshop.airlift("cut", "--locked", workshop.project)
        #expect(cut.code == 1 && cut.errors.contains("run: airlift lock"), "\(cut.words)")
    }

    @Test func twoWheelsOfOnePathAreFoundWhileCutting() throws {
        let workshop = try Workshop()
        let index = ToyIndex([
            WheelBuilder("one", "1.0", files: [.init("common/a.py", "1"), .init("common/b.py", "1")]),
            WheelBuilder("two", "1.0", files: [.init("common/a.py", "2"), .init("common/b.py", "1")]),
        ])
        try workshop.spec(index: index.url, requirements: ["one==1.0", "two==1.0"])
        let cut = try workshop.airlift("cut", workshop.project)
        #expect(cut.code == 8, "\(cut.words)")
        #expect(cut.errors.contains("common/a.py") && !cut.errors.contains("common/b.py"), "\(cut.errors)")
        #expect(!Tree.exists(workshop.project + "/dist"))
    }
}
