//! Names for the core modules inside a component binary, so that a frame of a backtrace tells which part of a
//! composition it belongs to. A module's name is in its `name` section; the last one counts, and it is ours.

/// What a component binary starts with: magic, version, and the layer that tells it from a core module.
const COMPONENT: [u8; 8] = *b"\0asm\x0d\0\x01\0";
const MODULE: [u8; 8] = *b"\0asm\x01\0\0\0";
const CUSTOM: u8 = 0;
/// The section of a core module that says what it exports, and the kind of export that is a function.
const EXPORTS: u8 = 7;
const FUNCTION: u8 = 0;
/// Sections of a component that hold a core module and a component.
const CORE_MODULE: u8 = 1;
const NESTED_COMPONENT: u8 = 4;
/// The subsection of a `name` section with the module's own name.
const MODULE_NAME: u8 = 0;
/// The subsection with the names of functions.
const FUNCTION_NAMES: u8 = 1;

/// The component with each of its core modules called `name`; `None` when it is not a well-formed component.
pub fn name_modules(component: &[u8], name: &str) -> Option<Vec<u8>> {
    let mut rest = component.strip_prefix(&COMPONENT)?;
    let mut out = Vec::with_capacity(component.len() + 1024);
    out.extend_from_slice(&COMPONENT);
    while let Some((id, after)) = rest.split_first() {
        let (size, after) = leb128(after)?;
        let (content, after) = after.split_at_checked(size)?;
        match *id {
            CORE_MODULE => section(&mut out, CORE_MODULE, &[content, &name_section(name)].concat()),
            NESTED_COMPONENT => section(&mut out, NESTED_COMPONENT, &name_modules(content, name)?),
            id => section(&mut out, id, content),
        }
        rest = after;
    }
    Some(out)
}

/// A core module's functions called as it exports them; `None` when it is not a well-formed module.
pub fn name_exported_functions(module: &[u8]) -> Option<Vec<u8>> {
    let mut rest = module.strip_prefix(&MODULE)?;
    let mut names = vec![0];
    while let Some((id, after)) = rest.split_first() {
        let (size, after) = leb128(after)?;
        let (content, after) = after.split_at_checked(size)?;
        if *id == EXPORTS {
            names = function_names(content)?;
        }
        rest = after;
    }
    Some([module, &name_subsection(FUNCTION_NAMES, &names)].concat())
}

/// The exported functions' indices and names out of an export section.
fn function_names(exports: &[u8]) -> Option<Vec<u8>> {
    let (count, mut rest) = leb128(exports)?;
    let (mut names, mut functions) = (Vec::new(), 0);
    for _ in 0..count {
        let (size, after) = leb128(rest)?;
        let (name, after) = after.split_at_checked(size)?;
        let (kind, after) = after.split_first()?;
        let (index, after) = leb128(after)?;
        if *kind == FUNCTION {
            length(&mut names, index);
            prefixed(&mut names, name);
            functions += 1;
        }
        rest = after;
    }
    let mut out = Vec::new();
    length(&mut out, functions);
    out.extend(names);
    Some(out)
}

fn name_section(name: &str) -> Vec<u8> {
    let mut text = Vec::new();
    prefixed(&mut text, name.as_bytes());
    name_subsection(MODULE_NAME, &text)
}

fn name_subsection(id: u8, names: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    prefixed(&mut content, b"name");
    section(&mut content, id, names);
    let mut out = Vec::new();
    section(&mut out, CUSTOM, &content);
    out
}

fn section(out: &mut Vec<u8>, id: u8, content: &[u8]) {
    out.push(id);
    prefixed(out, content);
}

/// The bytes after their length.
fn prefixed(out: &mut Vec<u8>, bytes: &[u8]) {
    length(out, bytes.len());
    out.extend_from_slice(bytes);
}

/// A number in LEB128.
fn length(out: &mut Vec<u8>, mut left: usize) {
    while left >= 0x80 {
        out.push((left & 0x7f) as u8 | 0x80);
        left >>= 7;
    }
    out.push(left as u8);
}

/// A number of at most 32 bits, and what follows it.
fn leb128(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0_usize;
    for (index, byte) in bytes.iter().enumerate().take(5) {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, bytes.get(index + 1..)?));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(sections: &[(u8, &[u8])]) -> Vec<u8> {
        let mut out = COMPONENT.to_vec();
        sections.iter().for_each(|(id, content)| section(&mut out, *id, content));
        out
    }

    #[test]
    fn every_module_gets_the_name_in_nested_components_too() {
        let named = [&MODULE[..], b"\0\x0b\x04name\0\x04\x03tax"].concat();
        let inner = component(&[(CORE_MODULE, &MODULE), (7, b"types")]);
        let outer = component(&[(NESTED_COMPONENT, &inner), (CORE_MODULE, &MODULE), (CUSTOM, b"\x01x")]);
        let inner_named = component(&[(CORE_MODULE, &named), (7, b"types")]);
        let expected = component(&[(NESTED_COMPONENT, &inner_named), (CORE_MODULE, &named), (CUSTOM, b"\x01x")]);
        assert_eq!(name_modules(&outer, "tax"), Some(expected));
    }

    #[test]
    fn functions_are_called_as_they_are_exported() {
        let mut module = MODULE.to_vec();
        section(&mut module, EXPORTS, b"\x02\x06memory\x02\0\x02go\0\x05");
        let named = [&module[..], b"\0\x0c\x04name\x01\x05\x01\x05\x02go"].concat();
        assert_eq!(name_exported_functions(&module), Some(named));
        assert_eq!(name_exported_functions(&COMPONENT), None);
    }

    #[test]
    fn long_sections_keep_their_length() {
        let long = vec![7; 70_000];
        let whole = component(&[(3, &long), (CUSTOM, b"\x01x")]);
        assert_eq!(name_modules(&whole, "tax"), Some(whole));
    }

    #[test]
    fn what_is_no_component_is_left_to_others() {
        let mut cut = component(&[(3, b"content")]);
        cut.pop();
        for bytes in [&b""[..], &MODULE, &cut, b"\0asm\x0d\0\x01\0\x03\xff\xff\xff\xff\xff\xff"] {
            assert_eq!(name_modules(bytes, "tax"), None);
        }
    }
}
