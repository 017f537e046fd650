import Failures
import Glibc

/// `Fuzz TARGET …` runs libFuzzer with the options and folders that follow; `Fuzz seeds DIRECTORY` writes the inputs to
/// begin with into a folder per target; `Fuzz` lists the targets.
@main enum Fuzz {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "seeds", arguments.count == 2 {
            return try Seeds.write(to: arguments.last ?? "")
        }
        guard let name = arguments.first, let target = FuzzTarget.all.first(where: { $0.name == name }) else {
            return print(FuzzTarget.all.map(\.name).joined(separator: "\n"))
        }
        chosen = target
        // libFuzzer takes the name of the program first.
        var count = CommandLine.argc - 1
        var words = CommandLine.unsafeArgv + 1
        let status = runDriver(&count, &words) { data, size in
            tryInput(Array(UnsafeBufferPointer(start: data, count: size)))
            return 0
        }
        exit(status)
    }

    /// Written once, before libFuzzer begins; it calls back on this thread alone.
    nonisolated(unsafe) fileprivate static var chosen: FuzzTarget?
}

/// libFuzzer as a library: https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<Int32>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32
) -> Int32

/// An input that is refused by an error with a sentence is as good as one that is taken. Anything else ends the
/// process: a trap, a broken law, an error that nobody made for the user.
private func tryInput(_ bytes: [UInt8]) {
    do {
        try Fuzz.chosen?.run(bytes)
    } catch let failure as any Failure {
        law(!failure.description.isEmpty, "an error has a sentence")
        law(failure.kind != .fault, "no input makes a fault of Airlift's own")
    } catch {
        law(false, "every error is one for the user: \(type(of: error)), \(error)")
    }
}

/// Ends the process where something does not hold that must hold for every input.
func law(_ holds: Bool, _ sentence: @autoclosure () -> String) {
    guard !holds else { return }
    let text = sentence()
    print("broken law: \(text)")
    preconditionFailure(text)
}
