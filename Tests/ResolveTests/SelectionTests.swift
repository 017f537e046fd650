import Digests
import Failures
import Lock
import Testing
import Wheels

@testable import Resolve

private let numpy = ToyIndex([
    "numpy-1.26.0-cp310-cp310-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "numpy-1.26.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "numpy-1.26.0-cp311-cp311-manylinux_2_17_aarch64.whl",
    "numpy-1.26.0-cp311-cp311-musllinux_1_1_x86_64.whl",
    "numpy-1.26.0-cp311-cp311-macosx_11_0_arm64.whl",
    "numpy-1.26.0-cp311-cp311-win_amd64.whl",
    "numpy-1.26.0-cp313-cp313t-manylinux_2_17_x86_64.whl",
    "numpy-1.26.0.tar.gz",
    "numpy-1.26.1-cp311-cp311-manylinux_2_17_x86_64.whl",
])

private func chosen(_ requirements: [String], _ index: ToyIndex, on target: Target? = nil) throws -> [String]
{
    try choose(requirements, from: index, on: target).wheels.map(\.filename.text)
}

@Suite("The wheel for a pin")
struct SelectionTests {
    @Test("is the one of platform and interpreter")
    func platform() throws {
        #expect(
            try chosen(["numpy==1.26.0"], numpy) == [
                "numpy-1.26.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
            ])
        #expect(
            try chosen(["numpy==1.26"], numpy, on: target("linux-aarch64")) == [
                "numpy-1.26.0-cp311-cp311-manylinux_2_17_aarch64.whl"
            ])
        #expect(
            try chosen(["numpy==1.26.0"], numpy, on: target("osx-arm64")) == [
                "numpy-1.26.0-cp311-cp311-macosx_11_0_arm64.whl"
            ])
        #expect(
            try chosen(["numpy==1.26.0"], numpy, on: target(python: "3.13.1", abi: "cp313t")) == [
                "numpy-1.26.0-cp313-cp313t-manylinux_2_17_x86_64.whl"
            ])
    }

    @Test("is the most special one that fits, then the highest build")
    func preference() throws {
        let index = ToyIndex([
            "x-1-py3-none-any.whl", "x-1-cp38-abi3-manylinux1_x86_64.whl",
            "x-1-cp311-cp311-manylinux2010_x86_64.whl", "x-1-2-cp311-cp311-manylinux_2_28_x86_64.whl",
            "x-1-10-cp311-cp311-manylinux_2_28_x86_64.whl", "x-1-11-cp311-cp311-manylinux_2_34_x86_64.whl",
        ])
        #expect(try chosen(["x==1"], index) == ["x-1-10-cp311-cp311-manylinux_2_28_x86_64.whl"])
        #expect(
            try chosen(["x==1"], index, on: target(glibc: "2.17")) == [
                "x-1-cp311-cp311-manylinux2010_x86_64.whl"
            ])
        #expect(
            try chosen(["x==1"], index, on: target(python: "3.12.0")) == [
                "x-1-cp38-abi3-manylinux1_x86_64.whl"
            ])
        #expect(try chosen(["x==1"], index, on: target("win-64")) == ["x-1-py3-none-any.whl"])
    }

    @Test("honours Requires-Python")
    func requiresPython() throws {
        var index = ToyIndex(["x-1-py3-none-any.whl"])
        index.add("x-1-cp311-cp311-manylinux1_x86_64.whl", python: ">=3.11.5")
        #expect(try chosen(["x==1"], index) == ["x-1-py3-none-any.whl"])
        #expect(
            try chosen(["x==1"], index, on: target(python: "3.11.5")) == [
                "x-1-cp311-cp311-manylinux1_x86_64.whl"
            ])
    }

    @Test("has one of the digests that the pin allows")
    func hashes() throws {
        let index = ToyIndex(["x-1-py3-none-any.whl", "x-1-cp311-cp311-manylinux1_x86_64.whl"])
        let any = SHA256.hash("x-1-py3-none-any.whl").hex
        #expect(try chosen(["x==1 --hash=sha256:\(any)"], index) == ["x-1-py3-none-any.whl"])
        let neither = String(repeating: "0", count: 64)
        let text = problems { try choose(["x==1 --hash=sha256:\(neither)"], from: index) }
        #expect(text.contains("2 wheels would fit, and the digests that the pin allows are not theirs"))
        #expect(text.contains("--hash=sha256:\(any)"))
    }

    @Test("may be yanked, which is noted")
    func yanked() throws {
        var index = ToyIndex()
        index.add("x-1-py3-none-any.whl", yanked: "broken on Tuesdays")
        let selection = try choose(["x==1"], from: index)
        #expect(selection.notices == ["x 1 was yanked: broken on Tuesdays; it is taken because it is pinned"])
        #expect(try choose(["numpy==1.26.0"], from: numpy).notices.isEmpty)
    }

    @Test("is left out where the marker does not hold")
    func marker() throws {
        let requirements = [
            "numpy==1.26.0", "pywin32==306; sys_platform == 'win32'", "tomli==2.0; python_version < '3.11'",
        ]
        let wanted = try Wanted(inputs(requirements), on: target())
        #expect(wanted.projectsOfIndex.map(\.normalized) == ["numpy"])
        #expect(try Wanted(inputs(requirements), on: target("win-64", python: "3.10.1")).projects.count == 3)
    }

    @Test("can differ in version from target to target")
    func markersChoose() throws {
        let requirements = ["x==1; python_version < '3.11'", "x==2; python_version >= '3.11'"]
        let index = ToyIndex(["x-1-py3-none-any.whl", "x-2-py3-none-any.whl"])
        #expect(try chosen(requirements, index) == ["x-2-py3-none-any.whl"])
        #expect(try chosen(requirements, index, on: target(python: "3.10.0")) == ["x-1-py3-none-any.whl"])
    }

    @Test("said twice is one, with the extras of both")
    func merged() throws {
        let wanted = try Wanted(
            inputs(["x[a]==1.0", "-r r.txt"], files: ["r.txt": "X[b]==1"]), on: target())
        #expect(wanted.projects.count == 1)
        #expect(wanted.projects[0].extras.map(\.normalized).sorted() == ["a", "b"])
        #expect(wanted.projects[0].isNamedBySpec)
        let text = problems {
            try Wanted(inputs(["x==1", "-r r.txt"], files: ["r.txt": "\nx==2"]), on: target())
        }
        #expect(
            text
                == "cannot lock x (bundle.toml, line 1; r.txt, line 2): it is asked for as 1 and as 2; keep one"
        )
    }

    @Test("can be a local one, which must fit as well")
    func local() throws {
        #expect(try chosen(["./dist/own-1-py3-none-any.whl"], ToyIndex()) == ["own-1-py3-none-any.whl"])
        let text = problems { try choose(["./dist/own-1-cp312-cp312-linux_x86_64.whl"], from: ToyIndex()) }
        #expect(
            text.contains(
                "the wheel is for cp312 on linux_x86_64, and the target is cp311 on linux-64 with glibc 2.28; "
                    + "with Python 3.12 one would fit"))
    }
}

@Suite("Where no wheel fits, the sentence")
struct CandidatesTests {
    private func sentence(_ requirement: String, _ index: ToyIndex, on target: Target? = nil) -> String {
        problems { try choose([requirement], from: index, on: target) }
    }

    @Test("names the target, the wheels there are, and the interpreters that would do")
    func tags() throws {
        #expect(
            sentence("numpy==1.26.1", numpy, on: try target(python: "3.12.1"))
                == "cannot lock numpy 1.26.1 (bundle.toml, line 1): there is no wheel of it for cp312 on linux-64 "
                + "with glibc 2.28; there are wheels for cp311 on manylinux_2_17_x86_64; with Python 3.11 one would fit"
        )
    }

    @Test("says which glibc would do")
    func glibc() {
        let index = ToyIndex([
            "x-1-cp311-cp311-manylinux_2_34_x86_64.whl", "x-1-cp311-cp311-manylinux_2_31_x86_64.whl",
        ])
        #expect(sentence("x==1", index).contains("a wheel for glibc 2.31 exists: raise [target] glibc"))
    }

    @Test("says that none is for the platform")
    func platform() throws {
        let index = ToyIndex(["x-1-cp311-cp311-win_amd64.whl"])
        #expect(
            sentence("x==1", index).contains(
                "wheels for cp311 on win_amd64; none of them is for this platform"))
    }

    @Test("names versions near a missing one")
    func versions() {
        let index = ToyIndex(["1.0", "1.1", "1.2", "1.4", "1.5", "1.6"].map { "x-\($0)-py3-none-any.whl" })
        #expect(
            sentence("x==1.3", index).contains(
                "the index has no such version (near it are 1.1, 1.2, 1.4, 1.5, the newest is 1.6)"))
        #expect(sentence("x==9", index).contains("(near it are 1.5, 1.6)"))
        #expect(
            sentence("y==1", index).contains(
                "cannot lock y 1 (bundle.toml, line 1): the index has no file of it"))
    }

    @Test("says that there is only a source distribution")
    func source() {
        #expect(
            sentence("my-x==1.0", ToyIndex()).contains("no file"))
        var index = ToyIndex(["x-1.0.tar.gz", "x-0.9-py3-none-any.whl", "x-1.0-1.tar.gz.asc", "nonsense"])
        index.add("x-2.0.zip")
        #expect(
            sentence("x==1.0", index).contains(
                "only its source distribution, and Airlift builds nothing; pin a version with wheels (near it are 0.9, 2.0)"
            ))
    }

    @Test("names local variants of the version")
    func local() {
        let index = ToyIndex([
            "torch-2.1+cpu-cp311-cp311-linux_x86_64.whl", "torch-2.1+cu118-cp311-cp311-linux_x86_64.whl",
        ])
        #expect(
            sentence("torch==2.1", index).contains(
                "the index has it as 2.1+cpu, 2.1+cu118 only: pin 2.1+cu118"))
        #expect(throws: Never.self) { try choose(["torch==2.1+cpu"], from: index) }
    }

    @Test("names the Python that is needed")
    func python() {
        var index = ToyIndex()
        index.add("x-1-py3-none-any.whl", python: ">=3.12")
        #expect(
            sentence("x==1", index).contains(
                "'x-1-py3-none-any.whl' would fit, and needs Python >=3.12, while the interpreter is 3.11.2"))
    }

    @Test("comes once for each pin that fails, all together")
    func all() {
        let text = problems { try choose(["numpy==1.26.0", "a==1", "b==1"], from: numpy) }
        #expect(text.split(separator: "\n").count == 2)
    }
}
