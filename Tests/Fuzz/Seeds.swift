import Digests
import Files

/// The inputs that fuzzing begins with, made by the builders of the tests.
enum Seeds {
    static func write(to path: String) throws {
        let directory = try Directory.create(path)
        for target in FuzzTarget.all {
            let folder = try directory.createDirectories(RelativePath(target.name))
            for seed in try target.seeds() {
                try folder.replaceFile(
                    RelativePath("seed-" + SHA256.hash(seed).hex.prefix(16)), with: seed, durable: false)
            }
            let words = target.words.map { "\"\(escaped($0))\"\n" }.joined()
            try directory.replaceFile(
                RelativePath(target.name + ".dict"), with: Array(words.utf8), durable: false)
        }
    }

    /// As libFuzzer's dictionaries have it.
    private static func escaped(_ word: String) -> String {
        word.utf8.map { byte in
            let digits = String(byte, radix: 16)
            return byte < 0x20 || byte > 0x7e || byte == 0x22 || byte == 0x5c
                ? "\\x" + (digits.utf8.count == 1 ? "0" : "") + digits : String(UnicodeScalar(byte))
        }.joined()
    }
}
