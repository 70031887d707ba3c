using System.Text;
using Polyphony.Tests.Sheets;
using static Polyphony.Web.Tests.Recruitment.Corpus;

namespace Polyphony.Web.Tests.Recruitment;

/// <summary>Files of people, read by <see cref="Corpus.Criteria"/>. A line is <c>id|name|e-mail|language|values|household|address</c>.</summary>
internal static class PoolFiles
{
    private const string Plain = "id,name,email,language,gender,âge\n7,Zoé Brême,zoe@example.org,FR,WOMAN,30+\n8,,,,man,16–29\n";

    private static readonly string[] Two = ["7|Zoé Brême|zoe@example.org|fr|0,1|-|", "8||||1,0|-|"];

    public static IEnumerable<CorpusFile> All() => [.. GoodOnes(), .. Households(), .. BadOnes()];

    private static CorpusFile[] GoodOnes() =>
    [
        Good("people-comma.csv", Door.Pool, Plain, Two),
        Good("people-semicolon.csv", Door.Pool, Plain.Replace(',', ';'), Two),
        Good("people-tab.txt", Door.Pool, Plain.Replace(',', '\t'), Two),
        Good("people-utf8-mark.csv", Door.Pool, [0xEF, 0xBB, 0xBF, .. Utf8(Plain)], Two),
        Good("people-utf16-little.csv", Door.Pool, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Plain)], Two),
        Good("people-utf16-big.csv", Door.Pool, [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Plain)], Two),
        Good("people-windows-1252.csv", Door.Pool, Windows1252(Plain.Replace(',', ';').Replace("\n", "\r\n", StringComparison.Ordinal)), Two),
        Good("people-french-headers.csv", Door.Pool, "Identifiant;Nom complet;Courriel;Langue;Gender;ÂGE\n7;Zoé Brême;zoe@example.org;fr;Woman;30+\n8;;;;Man;16–29\n", Two),
        Good("people-of-an-old-macintosh.csv", Door.Pool, Plain.Replace('\n', '\r'), Two),
        Good("people-with-blank-lines.csv", Door.Pool, "\n\n" + Plain.Replace("\n", "\n\n,,,,,\n", StringComparison.Ordinal), Two),
        Good("people-other-columns-too.csv", Door.Pool, Plain.Replace("\n", ",ignored\n", StringComparison.Ordinal).Replace("âge,ignored", "âge,remark", StringComparison.Ordinal), Two),
        Good("people-columns-turned.csv", Door.Pool, "âge,gender,language,email,name,id\n30+,woman,fr,zoe@example.org,Zoé Brême,7\n16–29,man,,,,8\n", Two),
        Good("people-without-id.csv", Door.Pool, "gender,âge\nwoman,30+\n\nman,16–29\n", "1||||0,1|-|", "2||||1,0|-|"),
        Good("people-accents-composed.csv", Door.Pool, "id,name,gender,a\u0302ge\n1,Zoe\u0301,woman,30+\n", "1|Zoé|||0,1|-|"),
        Good("people-hidden-characters.csv", Door.Pool, "id,name,gender,âge\n\u200B1\u200B,\u202EZoé\u202C,\u00a0woman\u00a0,\uFEFF30+\n", "1|Zoé|||0,1|-|"),
        Good("people-right-to-left.csv", Door.Pool, "id,name,language,gender,âge\n1,ليلى حداد,ar,woman,30+\n2,דוד,he,man,30+\n", "1|ليلى حداد||ar|0,1|-|", "2|דוד||he|1,1|-|"),
        Good("people-every-script.csv", Door.Pool, "id,name,gender,âge\n1,王小明 😀,man,30+\n2,Ὀδυσσεύς,man,30+\n3,Nguyễn Thị,woman,16–29\n", "1|王小明 😀|||1,1|-|", "2|Ὀδυσσεύς|||1,1|-|", "3|Nguyễn Thị|||0,0|-|"),
        Good("people-names-in-quotes.csv", Door.Pool, "id,name,gender,âge\n1,\"Brême, Zoé \"\"Zo\"\"\",woman,30+\n", "1|Brême, Zoé \"Zo\"|||0,1|-|"),
        Good("people-with-markup.csv", Door.Pool, "id,name,gender,âge\n1,<script>alert(1)</script>,woman,30+\n2,\"Robert'); DROP TABLE \"\"People\"\";--\",man,30+\n", "1|<script>alert(1)</script>|||0,1|-|", "2|Robert'); DROP TABLE \"People\";--|||1,1|-|"),
        Good("people-like-formulas.csv", Door.Pool, "id,name,gender,âge\n=1+1,=cmd|' /C calc'!A0,woman,30+\n+2,@SUM(A1),man,30+\n-3,\"=HYPERLINK(\"\"http://example.org\"\")\",man,30+\n", "=1+1|=cmd|' /C calc'!A0|||0,1|-|", "+2|@SUM(A1)|||1,1|-|", "-3|=HYPERLINK(\"http://example.org\")|||1,1|-|"),
        Good("people-named-alike.csv", Door.Pool, "id,name,email,gender,âge\n1,Ann Li,ann@example.org,woman,30+\n2,Ann Li,ann@example.org,woman,30+\n", "1|Ann Li|ann@example.org||0,1|-|", "2|Ann Li|ann@example.org||0,1|-|"),
        Good("people-ids-of-any-kind.csv", Door.Pool, "id,gender,âge\n007,woman,30+\n7,woman,30+\n7a,man,30+\n0x7,man,30+\n", "007||||0,1|-|", "7||||0,1|-|", "7a||||1,1|-|", "0x7||||1,1|-|"),
        Good("people-header-like-an-archive.csv", Door.Pool, "PKZ,id,gender,âge\nx,1,woman,30+\n", "1||||0,1|-|"),
        Good("people-one.csv", Door.Pool, "id,gender,âge\n1,woman,30+", "1||||0,1|-|"),
        Good("people-two-thousand.csv", Door.Pool, "id,gender,âge\n" + string.Concat(Enumerable.Range(1, 2_000).Select(i => $"p{i},{(i % 2 == 0 ? "man" : "woman")},30+\n")), [.. Enumerable.Range(1, 2_000).Select(i => $"p{i}||||{(i % 2 == 0 ? 1 : 0)},1|-|")]),
        Good("people.xlsx", Door.Pool, Workbook.Of(["id", "name", "email", "language", "gender", "âge"], ["7", "Zoé Brême", "zoe@example.org", "FR", "WOMAN", "30+"], ["8", "", "", "", "man", "16–29"]), Two),
        Good("people-inline.xlsx", Door.Pool, Inline(["id", "name", "email", "language", "gender", "âge"], ["7", "Zoé Brême", "zoe@example.org", "FR", "WOMAN", "30+"], ["8", "", "", "", "man", "16–29"]), Two),
        Good("people-parts-nobody-reads.xlsx", Door.Pool, Workbook.OfXml(
            "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>id</v></c><c r=\"B1\" t=\"str\"><v>gender</v></c><c r=\"C1\" t=\"str\"><v>âge</v></c></row><row r=\"2\"><c r=\"A2\"><v>12</v></c><c r=\"B2\" t=\"str\"><v>woman</v></c><c r=\"C2\" t=\"str\"><v>30+</v></c></row>",
            ("xl/media/inner.zip", Noise(2_000)), ("xl/externalLinks/externalLink1.xml", "<!DOCTYPE x SYSTEM \"http://example.org/\"><x/>")), "12||||0,1|-|"),
        Good("people-empty-cells-left-out.xlsx", Door.Pool, Workbook.OfXml(
            "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>id</v></c><c r=\"C1\" t=\"str\"><v>gender</v></c><c r=\"D1\" t=\"str\"><v>âge</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"C2\" t=\"str\"><v>man</v></c><c r=\"D2\" t=\"str\"><v>30+</v></c></row>"), "1||||1,1|-|"),
    ];

    private static CorpusFile[] Households() =>
    [
        Good("people-of-one-household.csv", Door.Pool, "id,adresse,code postal,gender,âge\n1,Rue A 1,1000,man,30+\n2, rue  a 1 ,1000,man,30+\n3,Rue A 1,,man,30+\n4,,,man,30+\n",
            "1||||1,1|RUE A 1/1000|Rue A 1/1000", "2||||1,1|RUE A 1/1000|rue  a 1/1000", "3||||1,1|RUE A 1/|Rue A 1", "4||||1,1|-|"),
        Good("people-households-that-must-not-run-together.csv", Door.Pool, "id,adresse,code postal,gender,âge\n1,AB,C,man,30+\n2,A,BC,man,30+\n", "1||||1,1|AB/C|AB/C", "2||||1,1|A/BC|A/BC"),
    ];

    private static CorpusFile[] BadOnes() =>
    [
        Bad("people-only-a-header.csv", Door.Pool, "id,gender,âge\n", "no-rows"),
        Bad("people-without-a-criterion.csv", Door.Pool, "id,gender\n1,man\n", "column-missing@1:Âge"),
        Bad("people-without-any-criterion.csv", Door.Pool, "id,name\n1,A\n", "column-missing@1:Gender", "column-missing@1:Âge"),
        Bad("people-unknown-values.csv", Door.Pool, "id,gender,âge\n1,womn,30+\n2,man,16-29\n", "unknown-value@2:gender", "unknown-value@3:âge"),
        Bad("people-letters-that-look-alike.csv", Door.Pool, "id,gender,âge\n1,m\u0430n,30+\n", "unknown-value@2:gender"),
        Bad("people-empty-values.csv", Door.Pool, "id,gender,âge\n1,,30+\n2,man,\n", "empty@2:gender", "empty@3:âge"),
        Bad("people-id-twice.csv", Door.Pool, "id,gender,âge\nA1,man,30+\na1,man,30+\nA1,woman,30+\n", "id-twice@3:id", "id-twice@4:id"),
        Bad("people-id-empty.csv", Door.Pool, "id,gender,âge\n1,man,30+\n,man,30+\n", "empty@3:id"),
        Bad("people-no-emails.csv", Door.Pool, "id,email,gender,âge\n1,zoe,man,30+\n2,a@b@c,man,30+\n3,a b@c.org,man,30+\n4,\"x@y.org, z@y.org\",man,30+\n", "not-an-email@2:email", "not-an-email@3:email", "not-an-email@4:email", "not-an-email@5:email"),
        Bad("people-no-languages.csv", Door.Pool, "id,language,gender,âge\n1,french,man,30+\n2,f1,man,30+\n", "not-a-language@2:language", "not-a-language@3:language"),
        Bad("people-names-too-long.csv", Door.Pool, $"id,name,gender,âge\n1,{new string('n', 201)},man,30+\n", "cell-too-long@2:name"),
        Bad("people-everything-at-once.csv", Door.Pool, $"id,name,email,language,gender,âge\n1,A,not mail,french,womn,\n1,{new string('n', 201)},,,man,30+\n,B,,,man,30+\n",
            "unknown-value@2:gender", "empty@2:âge", "not-an-email@2:email", "not-a-language@2:language", "id-twice@3:id", "cell-too-long@3:name", "empty@4:id"),
        Bad("people-one-bad-row-in-a-thousand.csv", Door.Pool, "id,gender,âge\n" + string.Concat(Enumerable.Range(1, 1_000).Select(i => $"{i},{(i == 777 ? "mann" : "man")},30+\n")), "unknown-value@778:gender"),
        Bad("people-semicolons-below-commas.csv", Door.Pool, "id,gender,âge\n1;man;30+\n", "empty@2:gender", "empty@2:âge"),
        Bad("people-age-became-a-date.xlsx", Door.Pool, Workbook.OfXml(
            "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>id</v></c><c r=\"B1\" t=\"str\"><v>gender</v></c><c r=\"C1\" t=\"str\"><v>âge</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"str\"><v>man</v></c><c r=\"C2\" s=\"1\"><v>47120</v></c></row>",
            ("xl/styles.xml", Workbook.Styles("", 0, 14))), "unknown-value@2:âge"),
        Bad("people-below-blank-rows.xlsx", Door.Pool, Workbook.OfXml(
            "<row r=\"4\"><c r=\"A4\" t=\"str\"><v>id</v></c><c r=\"B4\" t=\"str\"><v>gender</v></c><c r=\"C4\" t=\"str\"><v>âge</v></c></row><row r=\"9\"><c r=\"A9\"><v>1</v></c><c r=\"B9\" t=\"str\"><v>nobody</v></c><c r=\"C9\" t=\"str\"><v>30+</v></c></row>"), "unknown-value@9:gender"),
    ];
}
