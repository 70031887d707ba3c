using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Polyphony.Proofs;

/// <summary>The one way to write a JSON value as bytes (RFC 8785), so that everybody hashes the same.</summary>
/// <remarks>Numbers are limited to integers of at most 2^53 in magnitude: a manifest needs no others, and every language writes those alike.</remarks>
public static class CanonicalJson
{
    /// <summary>Writes a value.</summary>
    /// <param name="value">The value; null writes <c>null</c>.</param>
    /// <returns>UTF-8 without byte order mark.</returns>
    /// <exception cref="ArgumentException">A number is not an integer that every language can hold exactly.</exception>
    public static byte[] Serialize(JsonNode? value)
    {
        StringBuilder text = new();
        Write(value, text);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Write(JsonNode? value, StringBuilder text)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case JsonObject members:
                text.Append('{');

                // RFC 8785 section 3.2.3: names sort by their UTF-16 code units.
                string[] names = [.. ((IDictionary<string, JsonNode?>)members).Keys];
                Array.Sort(names, StringComparer.Ordinal);
                for (int i = 0; i < names.Length; i++)
                {
                    text.Append(i > 0 ? "," : "");
                    WriteString(names[i], text);
                    text.Append(':');
                    Write(members[names[i]], text);
                }

                text.Append('}');
                break;
            case JsonArray items:
                text.Append('[');
                for (int i = 0; i < items.Count; i++)
                {
                    text.Append(i > 0 ? "," : "");
                    Write(items[i], text);
                }

                text.Append(']');
                break;
            default:
                WriteScalar(value, text);
                break;
        }
    }

    private static void WriteScalar(JsonNode value, StringBuilder text)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String:
                WriteString(value.GetValue<string>(), text);
                break;
            case JsonValueKind.True:
                text.Append("true");
                break;
            case JsonValueKind.False:
                text.Append("false");
                break;
            default:
                if (!long.TryParse(value.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) || Math.Abs(number) > 1L << 53)
                {
                    throw new ArgumentException($"{value.ToJsonString()} is not an integer of at most 2^53.", nameof(value));
                }

                text.Append(number.ToString(CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteString(string value, StringBuilder text)
    {
        text.Append('"');
        int plain = 0;
        for (int i = 0; i < value.Length; i++)
        {
            char c = value[i];
            if (c is >= ' ' and not '"' and not '\\')
            {
                continue;
            }

            text.Append(value, plain, i - plain);
            plain = i + 1;
            switch (c)
            {
                case '"':
                    text.Append("\\\"");
                    break;
                case '\\':
                    text.Append("\\\\");
                    break;
                case '\b':
                    text.Append("\\b");
                    break;
                case '\f':
                    text.Append("\\f");
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                default:
                    text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
                    break;
            }
        }

        text.Append(value, plain, value.Length - plain);
        text.Append('"');
    }
}
