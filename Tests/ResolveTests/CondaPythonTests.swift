import Conda
import Failures
import Lock
import Testing

@testable import Resolve

@Suite("The Python of conda packages")
struct CondaPythonTests {
    @Test(
        "is known by its package and python_abi",
        arguments: [
            ("python 3.10.13 hd12c33a_0_cpython", nil, "cp310", "lib/python3.10/site-packages"),
            ("python 3.10.13 0_cpython", "python_abi 3.10 4_cp310", "cp310", "lib/python3.10/site-packages"),
            ("python 3.13.1 h5f3_102_cp313t", nil, "cp313t", "lib/python3.13t/site-packages"),
            ("python 3.13.1 h5f3_0", "python_abi 3.13 5_cp313t", "cp313t", "lib/python3.13t/site-packages"),
            (
                "python 3.13.1 h5f3_102_cp313", "python_abi 3.13 5_cp313", "cp313",
                "lib/python3.13/site-packages"
            ),
            ("python 3.14.0rc1 h_0_cpython", nil, "cp314", "lib/python3.14/site-packages"),
            ("python 3.12.1 h_0_cpython@win-64", nil, "cp312", "Lib/site-packages"),
        ])
    func known(python: String, abi: String?, tag: String, sitePackages: String) throws {
        let found = try CondaPython(toyRecord(python), among: abi.map { [toyRecord($0)] } ?? [])
        #expect(found.abi == tag)
        #expect(found.sitePackages == sitePackages)
        #expect(found.isFreeThreaded == tag.hasSuffix("t"))
        #expect(found.cacheTag == "cpython-\(tag.dropFirst(2).filter(\.isNumber))")
        let description = found.target(platform: "linux-64", glibc: EnvironmentSpec.defaultGlibc)
        #expect(throws: Never.self) { try Target(description) }
    }

    @Test("is at the place that its record tells (CEP 17)")
    func sitePackages() throws {
        var record = toyRecord("python 3.13.1 h_0", depends: ["python_abi 3.13.* *_cp313t"])
        record.pythonSitePackagesPath = "lib/python3.13t/site-packages"
        let python = try CondaPython(record)
        #expect(python.abi == "cp313t")
        #expect(python.executable == "bin/python3.13")
        for bad in ["/lib", "../x", "a//b", "", "a/./b", "a\nb"] {
            record.pythonSitePackagesPath = bad
            #expect(throws: ResolveError.self) { try CondaPython(record) }
        }
    }

    @Test(
        "is CPython 3 and nothing else",
        arguments: ["python 2.7.18 h_0", "python 3.9.18 0_73_pypy", "python 3 h_0", "python x.y h_0"])
    func refused(python: String) {
        #expect(throws: ResolveError.self) { try CondaPython(toyRecord(python)) }
    }

    private let channel = ToyChannel([
        "python 3.10.13 0_cpython": [], "python 3.11.9 0_cpython": [], "python 3.9.18 0_73_pypy": [],
        "six 1.16.0 pyh_0@noarch": [], "lib 1 h_0": [], "tool 1 py_0@noarch": ["python >=3"],
    ])

    @Test("must be among the packages, and what [python] conda asks for")
    func asked() throws {
        let python = "python=3.10.13=0_cpython"
        #expect(try pin([python], from: channel, on: condaTarget(python: "3.10.*")).python?.minor == "3.10")
        #expect(
            try pin([python], from: channel, on: condaTarget(python: ">=3.8,<3.11")).python?.abi == "cp310")
        #expect(
            problems { try pin([python], from: channel, on: condaTarget(python: "3.11.*")) }
                .contains("[python] conda asks for \"3.11.*\"; pin a Python that fits"))
        #expect(
            problems { try pin(["lib=1=h_0"], from: channel, on: condaTarget(python: "3.10.*")) }
                .contains("python is not among them: add \"python=3.10.13=0_cpython\""))
        #expect(
            problems { try pin(["python=3.9.18=0_73_pypy"], from: channel, on: condaTarget(python: "*")) }
                .contains("it is PyPy"))
    }

    @Test("is not among the packages where [python] names another, and nothing needs it")
    func notAsked() throws {
        #expect(try pin(["lib=1=h_0"], from: channel).python == nil)
        #expect(
            problems { try pin(["python=3.10.13=0_cpython"], from: channel) }
                .contains("Python is among the conda packages, and [python] names another interpreter"))
        // `noarch: python` needs a Python also where it does not say so.
        for needing in ["six=1.16.0=pyh_0", "tool=1=py_0"] {
            #expect(
                problems { try pin([needing], from: channel) }
                    .contains("and [python] names an interpreter that is no conda package"))
        }
    }
}

@Suite("The order of conda packages")
struct CondaOrderTests {
    private func order(_ packages: KeyValuePairs<String, [String]>) -> [String] {
        let records = packages.map { toyRecord($0.key, depends: $0.value) }
        let names = CondaOrder.dependencyOrder(of: records).map(\.name)
        #expect(CondaOrder.dependencyOrder(of: records.reversed()).map(\.name) == names)
        return names
    }

    @Test("is that of dependencies, then of names, Python first among equals")
    func plain() {
        #expect(
            order(["c 1 h": ["b >=1"], "b 1 h": ["conda-forge::a[build=h]"], "a 1 h": [], "python 3.1 h": []])
                == ["python", "a", "b", "c"])
        #expect(order(["z 1 h": [], "python 3.1 h": ["z"], "a 1 h": ["z"]]) == ["z", "python", "a"])
    }

    @Test("has noarch Python packages after Python, also where they do not ask for it")
    func noarch() {
        #expect(order(["a 1 py_0@noarch": [], "python 3.1 h": ["z"], "z 1 h": []]) == ["z", "python", "a"])
        #expect(order(["python 3.1 h": ["pip"], "pip 1 py_0@noarch": ["python"]]) == ["python", "pip"])
        #expect(
            order(["python 3.1 h": ["x"], "x 1 h": ["a"], "a 1 py_0@noarch": []]) == ["python", "a", "x"],
            "a cycle through another package is not broken at the noarch one")
    }

    @Test("breaks a cycle where the fewest dependencies are left, the first by name")
    func cycles() {
        #expect(order(["a 1 h": ["b", "c"], "b 1 h": ["a"], "c 1 h": []]) == ["c", "a", "b"])
        #expect(order(["b 1 h": ["a", "c"], "a 1 h": ["b", "c"], "c 1 h": ["a"]]) == ["c", "a", "b"])
        #expect(order(["a 1 h": ["a"]]) == ["a"])
        #expect(order([:]).isEmpty)
    }

    @Test("of ten thousand in one chain is found at once")
    func long() {
        let records = (0..<10_000).map { toyRecord("p\($0) 1 h", depends: $0 == 0 ? [] : ["p\($0 - 1)"]) }
        let clock = ContinuousClock()
        var names: [String] = []
        let time = clock.measure { names = CondaOrder.dependencyOrder(of: records.shuffled()).map(\.name) }
        #expect(names == records.map(\.name))
        #expect(time < .seconds(20))
    }
}
