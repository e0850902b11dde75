//! Bit strings as H.264 writes them (Rec. ITU-T H.264, 7.2 and 9.1).

/// Bits, the most significant first.
#[derive(Debug, Default)]
pub(super) struct Bits {
    bytes: Vec<u8>,
    /// How many bits of the last byte are taken, 0 when it is full.
    used: u32,
}

impl Bits {
    /// The lowest `count` bits of `value`.
    pub(super) fn put(&mut self, value: u32, count: u32) {
        for at in (0..count).rev() {
            let bit = u8::from(value >> at & 1 == 1);
            if self.used == 0 {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= bit << (7 - self.used);
            }
            self.used = (self.used + 1) % 8;
        }
    }

    /// Unsigned Exp-Golomb.
    pub(super) fn golomb(&mut self, value: u32) {
        let length = u32::BITS - (value + 1).leading_zeros();
        self.put(0, length - 1);
        self.put(value + 1, length);
    }

    /// Several unsigned Exp-Golomb values.
    pub(super) fn golombs(&mut self, values: &[u32]) {
        values.iter().for_each(|value| self.golomb(*value));
    }

    /// Zeros up to the next byte.
    pub(super) fn align(&mut self) {
        self.used = 0;
    }

    /// Whole bytes; aligns first.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.align();
        self.bytes.extend(bytes);
    }

    /// A NAL unit: header, payload with its stop bit, and no start code inside it.
    pub(super) fn unit(mut self, header: u8) -> Vec<u8> {
        self.put(1, 1);
        let mut unit = vec![header];
        let mut zeros = 0;
        for byte in self.bytes {
            if zeros >= 2 && byte <= 3 {
                unit.push(3);
                zeros = 0;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            unit.push(byte);
        }
        unit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn golomb_codes() {
        let mut bits = Bits::default();
        bits.golombs(&[0, 1, 2, 3]);
        // 1 010 011 00100
        assert_eq!(bits.bytes, [0b1010_0110, 0b0100_0000]);
    }

    #[test]
    fn start_codes_are_escaped() {
        let mut bits = Bits::default();
        bits.bytes(&[0, 0, 1, 0, 0, 0]);
        assert_eq!(bits.unit(0x65), [0x65, 0, 0, 3, 1, 0, 0, 3, 0, 0x80]);
    }
}
