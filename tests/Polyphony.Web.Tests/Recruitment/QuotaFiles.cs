using System.Text;
using Polyphony.Tests.Sheets;
using static Polyphony.Web.Tests.Recruitment.Corpus;

namespace Polyphony.Web.Tests.Recruitment;

/// <summary>Files of quotas. A line is <c>criterion|value|min|max|min flex|max flex|target</c>.</summary>
internal static class QuotaFiles
{
    private const string Plain = "feature,value,min,max\nGender,Woman,4,6\nGender,Man,4,6\n";

    private static readonly string[] Two = ["Gender|Woman|4|6|||", "Gender|Man|4|6|||"];

    public static IEnumerable<CorpusFile> All() => [.. GoodOnes(), .. GoodWorkbooks(), .. BadOnes()];

    private static CorpusFile[] GoodOnes() =>
    [
        Good("quotas-comma.csv", Door.Quotas, Plain, Two),
        Good("quotas-semicolon.csv", Door.Quotas, Plain.Replace(',', ';'), Two),
        Good("quotas-tab.tsv", Door.Quotas, Plain.Replace(',', '\t'), Two),
        Good("quotas-category-name.csv", Door.Quotas, Plain.Replace("feature,value", "category,name", StringComparison.Ordinal), Two),
        Good("quotas-category-feature.csv", Door.Quotas, Plain.Replace("feature,value", "category,feature", StringComparison.Ordinal), Two),
        Good("quotas-in-capitals.csv", Door.Quotas, Plain.Replace("feature,value,min,max", " FEATURE , Value ,MIN, Max", StringComparison.Ordinal), Two),
        Good("quotas-columns-turned.csv", Door.Quotas, "max,min,value,feature\n6,4,Woman,Gender\n6,4,Man,Gender\n", Two),
        Good("quotas-of-windows.csv", Door.Quotas, Plain.Replace("\n", "\r\n", StringComparison.Ordinal), Two),
        Good("quotas-of-an-old-macintosh.csv", Door.Quotas, Plain.Replace('\n', '\r'), Two),
        Good("quotas-without-a-last-line-break.csv", Door.Quotas, Plain.TrimEnd(), Two),
        Good("quotas-with-blank-lines.csv", Door.Quotas, "\n" + Plain.Replace("\n", "\n,,,\n\n", StringComparison.Ordinal), Two),
        Good("quotas-with-empty-columns-at-the-end.csv", Door.Quotas, Plain.Replace("\n", ",,,\n", StringComparison.Ordinal), Two),
        Good("quotas-in-quotes.csv", Door.Quotas, "\"feature\",\"value\",\"min\",\"max\"\n\"Gender\",\"Woman\",\"4\",\"6\"\n\"Gender\",\"Man\",\"4\",\"6\"\n", Two),
        Good("quotas-with-remarks.csv", Door.Quotas, "feature,value,min,max,remark\nGender,Woman,4,6,\"half, or more\"\nGender,Man,4,6,\n", Two),
        Good("quotas-criterion-in-two-spellings.csv", Door.Quotas, "feature,value,min,max\nGender,Woman,4,6\n gender ,Man,4,6\n", Two),
        Good("quotas-numbers-with-a-point.csv", Door.Quotas, "feature,value,min,max\nGender,Woman,4.0,6.0\nGender,Man,4,6\n", Two),
        Good("quotas-of-nobody.csv", Door.Quotas, "feature,value,min,max\nGender,Woman,0,0\nGender,Man,10,10\n", "Gender|Woman|0|0|||", "Gender|Man|10|10|||"),
        Good("quotas-with-flex.csv", Door.Quotas, "feature,value,min,max,min_flex,max_flex\nGender,Woman,4,6,3,7\nGender,Man,4,6,,\n", "Gender|Woman|4|6|3|7|", "Gender|Man|4|6|||"),
        Good("quotas-with-shares.csv", Door.Quotas, "feature;value;min;max;target\nGender;Woman;4;6;0,515\nGender;Man;4;6;48.5 %\n", "Gender|Woman|4|6|||0.515", "Gender|Man|4|6|||0.485"),
        Good("quotas-with-per-cent.csv", Door.Quotas, "feature;value;min;max;target\nGender;Woman;4;6;99\nGender;Man;4;6;1\n", "Gender|Woman|4|6|||0.99", "Gender|Man|4|6|||0.01"),
        Good("quotas-french-1252.csv", Door.Quotas, Windows1252("feature;value;min;max\nÂge;16–29 ans;2;4\nNiveau d’études;Bac+5 – œuvre à 10 €;1;3\n"), "Âge|16–29 ans|2|4|||", "Niveau d’études|Bac+5 – œuvre à 10 €|1|3|||"),
        Good("quotas-utf8-mark.csv", Door.Quotas, [0xEF, 0xBB, 0xBF, .. Utf8("feature,value,min,max\nGénero,Mujer,1,2\n")], "Género|Mujer|1|2|||"),
        Good("quotas-utf16-little.csv", Door.Quotas, [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("feature\tvalue\tmin\tmax\nΦύλο\tΓυναίκα\t1\t2\n")], "Φύλο|Γυναίκα|1|2|||"),
        Good("quotas-utf16-big.csv", Door.Quotas, [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("feature,value,min,max\n性別,女性,1,2\n")], "性別|女性|1|2|||"),
        Good("quotas-right-to-left.csv", Door.Quotas, "feature,value,min,max\nالجنس,\u200Fامرأة\u200F,1,2\n", "الجنس|امرأة|1|2|||"),
        Good("quotas-accents-composed.csv", Door.Quotas, "feature,value,min,max\nA\u0302ge,Ze\u0301ro\u00adnul,1,2\n", "Âge|Zéronul|1|2|||"),
        Good("quotas-with-markup.csv", Door.Quotas, "feature,value,min,max\n<script>alert(1)</script>,\"a\"\"b' OR 1=1 --\",1,2\n", "<script>alert(1)</script>|a\"b' OR 1=1 --|1|2|||"),
        Good("quotas-like-a-formula.csv", Door.Quotas, "feature,value,min,max\nGender,=1+1,1,2\nGender,@x,1,2\n", "Gender|=1+1|1|2|||", "Gender|@x|1|2|||"),
        Good("quotas-five-hundred-values.csv", Door.Quotas, "feature,value,min,max\n" + string.Concat(Enumerable.Range(1, 500).Select(i => $"Town,T{i},0,1\n")), [.. Enumerable.Range(1, 500).Select(i => $"Town|T{i}|0|1|||")]),
    ];

    private static CorpusFile[] GoodWorkbooks() =>
    [
        Good("quotas.xlsx", Door.Quotas, Workbook.Of(["feature", "value", "min", "max"], ["Gender", "Woman", "4", "6"], ["Gender", "Man", "4", "6"]), Two),
        Good("quotas-inline.xlsx", Door.Quotas, Inline(["category", "name", "min", "max"], ["Gender", "Woman", "4", "6"], ["Gender", "Man", "4", "6"]), Two),
        Good("quotas-numbers.xlsx", Door.Quotas, Workbook.OfXml(Row(1, "feature", "value", "min", "max", "target") + NumberRow(2, "Woman", "4", "6.0", "0.515") + NumberRow(3, "Man", "4", "6", "4.85E-1")), "Gender|Woman|4|6|||0.515", "Gender|Man|4|6|||0.485"),
        Good("quotas-named-csv.csv", Door.Quotas, Workbook.Of(["feature", "value", "min", "max"], ["Gender", "Woman", "4", "6"], ["Gender", "Man", "4", "6"]), Two),
        Good("quotas-below-a-blank-row.xlsx", Door.Quotas, Workbook.OfXml(Row(3, "feature", "value", "min", "max", "target") + NumberRow(7, "Woman", "4", "6", "0.5") + NumberRow(9, "Man", "4", "6", "0.5")), "Gender|Woman|4|6|||0.5", "Gender|Man|4|6|||0.5"),
    ];

    private static CorpusFile[] BadOnes() =>
    [
        Bad("quotas-other-headers.csv", Door.Quotas, "name,age\nA,12\n", "column-missing@1:feature", "column-missing@1:value", "column-missing@1:min", "column-missing@1:max"),
        Bad("quotas-without-max.csv", Door.Quotas, "feature,value,min\nGender,Woman,4\n", "column-missing@1:max"),
        Bad("quotas-flex-alone.csv", Door.Quotas, "feature,value,min,max,min_flex\nGender,Woman,4,6,3\n", "header-needs-partner@1:min_flex"),
        Bad("quotas-only-a-header.csv", Door.Quotas, "feature,value,min,max\n", "no-rows"),
        Bad("quotas-min-above-max.csv", Door.Quotas, "feature,value,min,max\nGender,Woman,7,6\nGender,Man,4,6\n", "min-above-max@2:min"),
        Bad("quotas-flex-inside.csv", Door.Quotas, "feature,value,min,max,min_flex,max_flex\nGender,Woman,4,6,5,5\n", "flex-inside@2:min_flex", "flex-inside@2:max_flex"),
        Bad("quotas-no-whole-numbers.csv", Door.Quotas, "feature,value,min,max\nG,a,1.5,2\nG,b,-1,2\nG,c,1,1e3\nG,d,four,1000001\n",
            "not-a-whole-number@2:min", "not-a-whole-number@3:min", "not-a-whole-number@4:max", "not-a-whole-number@5:min", "not-a-whole-number@5:max"),
        Bad("quotas-digits-of-elsewhere.csv", Door.Quotas, "feature,value,min,max\nG,a,٤,٦\n", "not-a-whole-number@2:min", "not-a-whole-number@2:max"),
        Bad("quotas-empty-cells.csv", Door.Quotas, "feature,value,min,max\n,Woman,4,6\nGender,,4,6\nGender,Man,,\n", "empty@2:feature", "empty@3:value", "empty@4:min", "empty@4:max"),
        Bad("quotas-value-twice.csv", Door.Quotas, "feature,value,min,max\nGender,Woman,4,6\nGENDER, woman ,4,6\n", "value-twice@3:value"),
        Bad("quotas-no-shares.csv", Door.Quotas, "feature;value;min;max;target\nG;a;1;2;half\nG;b;1;2;120 %\nG;c;1;2;-0,2\n", "not-a-share@2:target", "not-a-share@3:target", "not-a-share@4:target"),
        Bad("quotas-too-many-values.csv", Door.Quotas, "feature,value,min,max\n" + string.Concat(Enumerable.Range(1, 501).Select(i => $"Town,T{i},0,1\n")), "too-many-values:Town"),
        Bad("quotas-name-too-long.csv", Door.Quotas, $"feature,value,min,max\nGender,{new string('x', 201)},4,6\n", "cell-too-long@2:value"),
        Bad("quotas-semicolons-below-commas.csv", Door.Quotas, "feature,value,min,max\nGender;Woman;4;6\n", "empty@2:value", "empty@2:min", "empty@2:max"),
        Bad("quotas-everything-at-once.csv", Door.Quotas, "feature,value,min,max\nG,W,5,4\nG,w,1,2\n,M,1,2\nG,X,a,\n", "min-above-max@2:min", "value-twice@3:value", "empty@4:feature", "not-a-whole-number@5:min", "empty@5:max"),
        Bad("quotas-min-above-max.xlsx", Door.Quotas, Workbook.Of(["feature", "value", "min", "max"], ["Gender", "Woman", "7", "6"]), "min-above-max@2:min"),
        Bad("quotas-age-became-a-date.xlsx", Door.Quotas, Workbook.OfXml(
            Row(1, "feature", "value", "min", "max") + "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>Age</v></c><c r=\"B2\" t=\"str\"><v>16-29</v></c><c r=\"C2\" s=\"1\"><v>45672</v></c><c r=\"D2\"><v>4</v></c></row>",
            ("xl/styles.xml", Workbook.Styles("", 0, 14))), "not-a-whole-number@2:min"),
    ];

    private static string Row(int number, params string[] cells) =>
        $"<row r=\"{number}\">{string.Concat(cells.Index().Select(cell => $"<c r=\"{(char)('A' + cell.Index)}{number}\" t=\"str\"><v>{cell.Item}</v></c>"))}</row>";

    private static string NumberRow(int number, string value, string min, string max, string target) =>
        $"<row r=\"{number}\"><c r=\"A{number}\" t=\"str\"><v>Gender</v></c><c r=\"B{number}\" t=\"str\"><v>{value}</v></c><c r=\"C{number}\"><v>{min}</v></c><c r=\"D{number}\"><v>{max}</v></c><c r=\"E{number}\"><v>{target}</v></c></row>";
}
