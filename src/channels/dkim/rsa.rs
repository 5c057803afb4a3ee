//! The numbers of an RSA key, and the DER around them (RFC 8017, RFC 5958).
//!
//! ring signs with RSA keys and makes none. The primes come from crypto-primes (the Baillie-PSW test); what
//! is made of them here is checked again by ring, which refuses numbers that do not belong together.

use crypto_bigint::{NonZero, U1024, U2048, Uint};
use crypto_primes::{
    Flavor,
    hazmat::{SetBits, SmallFactorsSieveFactory},
    is_prime, sieve_and_find,
};
use getrandom::{SysRng, rand_core::UnwrapErr};

use super::KeyError;

const EXPONENT: u64 = 65_537;
/// AlgorithmIdentifier of rsaEncryption, with its NULL.
const RSA_ENCRYPTION: &[u8] =
    &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// A new key of 2048 bits, as PKCS#8.
pub(super) fn generate() -> Result<Vec<u8>, KeyError> {
    // Below, the system's randomness is taken for granted: ask once before.
    getrandom::u64().map_err(|_| KeyError::NoRandomness)?;
    loop {
        let (a, b) = (prime()?, prime()?);
        let (p, q) = if a > b { (a, b) } else { (b, a) };
        if let Some(key) = key_of(p, q) {
            return Ok(key);
        }
    }
}

/// A prime whose two highest bits are set, so that a product of two has all its 2048.
fn prime() -> Result<U1024, KeyError> {
    let unusable = |error: &dyn std::fmt::Display| KeyError::Unusable(error.to_string());
    let sieve = SmallFactorsSieveFactory::<U1024>::new(Flavor::Any, 1024, SetBits::TwoMsb)
        .map_err(|error| unusable(&error))?;
    let found = sieve_and_find(&mut UnwrapErr(SysRng), sieve, |_, number| is_prime(Flavor::Any, number));
    found.map_err(|error| unusable(&error))?.ok_or_else(|| unusable(&"there is no prime"))
}

/// `None` in the rare case that the exponent divides one of them less one.
fn key_of(p: U1024, q: U1024) -> Option<Vec<u8>> {
    let one = U1024::ONE;
    let (p_less, q_less) = (p.wrapping_sub(&one), q.wrapping_sub(&one));
    let n: U2048 = p.concatenating_mul(&q);
    let totient: U2048 = p_less.concatenating_mul(&q_less);
    let d = Option::<U2048>::from(U2048::from(EXPONENT).invert_mod(&nonzero(totient)?))?;
    let exponent_of = |less: U1024| Option::<U1024>::from(U1024::from(EXPONENT).invert_mod(&nonzero(less)?));
    let q_inverse = Option::<U1024>::from(q.invert_mod(&nonzero(p)?))?;
    let numbers = [
        integer(&[0]),
        integer(n.to_be_bytes().as_ref()),
        integer(&EXPONENT.to_be_bytes()),
        integer(d.to_be_bytes().as_ref()),
        integer(p.to_be_bytes().as_ref()),
        integer(q.to_be_bytes().as_ref()),
        integer(exponent_of(p_less)?.to_be_bytes().as_ref()),
        integer(exponent_of(q_less)?.to_be_bytes().as_ref()),
        integer(q_inverse.to_be_bytes().as_ref()),
    ];
    let pkcs1 = der(SEQUENCE, &numbers.concat());
    let inside = [integer(&[0]), RSA_ENCRYPTION.to_vec(), der(OCTET_STRING, &pkcs1)].concat();
    Some(der(SEQUENCE, &inside))
}

/// SubjectPublicKeyInfo around RSAPublicKey: what DKIM publishes.
pub(super) fn public_info(pkcs1: &[u8]) -> Vec<u8> {
    let bits = [&[0u8], pkcs1].concat();
    der(SEQUENCE, &[RSA_ENCRYPTION, &der(BIT_STRING, &bits)].concat())
}

fn nonzero<const LIMBS: usize>(number: Uint<LIMBS>) -> Option<NonZero<Uint<LIMBS>>> {
    Option::from(NonZero::new(number))
}

fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match content.len() {
        short @ 0..=0x7f => out.push(short as u8),
        long => {
            let bytes = long.to_be_bytes();
            let first = bytes.iter().position(|b| *b != 0).unwrap_or(0);
            let figures = bytes.get(first..).unwrap_or_default();
            out.push(0x80 | figures.len() as u8);
            out.extend_from_slice(figures);
        }
    }
    out.extend_from_slice(content);
    out
}

/// A number without leading zeros but the one that keeps it from being negative.
fn integer(big_endian: &[u8]) -> Vec<u8> {
    let first = big_endian.iter().position(|b| *b != 0).unwrap_or(big_endian.len().saturating_sub(1));
    let figures = big_endian.get(first..).unwrap_or_default();
    let sign: &[u8] = if figures.first().is_some_and(|b| b & 0x80 != 0) { &[0] } else { &[] };
    der(INTEGER, &[sign, figures].concat())
}
