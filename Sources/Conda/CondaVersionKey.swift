/// Writes a version as bytes whose order (`memcmp`) is the order of CEP 33.
///
/// The CEP compares lists of segments of components, where whatever is missing counts as the number 0. So a
/// component other than 0 is written behind one byte that says whether it is below or above 0 and how many
/// zeros come before it, and the end of a segment is a byte between the two: the end of one list and a zero of
/// the other cannot be told apart, as the CEP wants, and trailing zeros leave no trace. Segments within a
/// version are written the same way.
struct CondaVersionKey {
    private(set) var bytes: [UInt8] = []
    private var zeroSegments = 0
    private var zeroComponents = 0
    private var isInSegment = false

    /// Over what stands for a smaller and under what stands for a larger value.
    private static let end: UInt8 = 128
    private static let post: UInt8 = 0xfe
    private static let numbers: UInt8 = 0x20
    /// The bound of the marker's zeros and of a number's digits.
    static let longestVersion = 200

    init() { bytes.reserveCapacity(24) }

    mutating func zero() { zeroComponents += 1 }

    /// - Parameter digits: without leading zeros, one at least.
    mutating func number(_ digits: ArraySlice<UInt8>) {
        mark(isNegative: false)
        bytes.append(Self.numbers + UInt8(digits.count))
        bytes += digits
    }

    /// Above all numbers.
    mutating func postRelease() {
        mark(isNegative: false)
        bytes.append(Self.post)
    }

    /// Below 0. In lower case, but for `DEV`, which thereby comes before all others.
    mutating func word(_ letters: some Collection<UInt8>) {
        mark(isNegative: true)
        bytes += letters
        bytes.append(0)
    }

    /// Below all that begins with these letters, or with none.
    mutating func lowest() { word([1]) }
    /// Above all words that begin with these letters.
    mutating func highest(_ letters: some Collection<UInt8>) { word(letters + [0xff]) }
    mutating func highest() {
        mark(isNegative: false)
        bytes.append(0xff)
    }

    mutating func endSegment() {
        if isInSegment { bytes.append(Self.end) } else { zeroSegments += 1 }
        isInSegment = false
        zeroComponents = 0
    }

    /// Ends the main or the local part.
    mutating func endPart() {
        bytes.append(Self.end)
        zeroSegments = 0
    }

    private mutating func mark(isNegative: Bool) {
        if !isInSegment {
            bytes.append(Self.marker(zeroSegments, isNegative))
            zeroSegments = 0
            isInSegment = true
        }
        bytes.append(Self.marker(zeroComponents, isNegative))
        zeroComponents = 0
    }

    /// More zeros bring a value nearer to 0, from either side.
    private static func marker(_ zeros: Int, _ isNegative: Bool) -> UInt8 {
        isNegative ? UInt8(zeros + 1) : UInt8(255 - zeros)
    }
}
