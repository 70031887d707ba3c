using Polyphony.Tests.Sheets;
using static Polyphony.Web.Tests.Recruitment.Corpus;

namespace Polyphony.Web.Tests.Recruitment;

/// <summary>Files about many sites, and about how many were invited. Lines are what stands in the database afterwards, see <see cref="UploadHall"/>.</summary>
internal static class SiteFiles
{
    private const string TwoSites = "code,name,country,time_zone,planned,address\nfr,Lyon,fr,Europe/Paris,4,Town hall\nKE-1,Nairobi,KE,Africa/Nairobi,3,\n";

    private static readonly string[] Two = ["FR|Lyon|FR|Europe/Paris|4|Town hall", "KE-1|Nairobi|KE|Africa/Nairobi|3|"];

    public static IEnumerable<CorpusFile> All() => [.. Sites(), .. SitedQuotas(), .. SitedPools(), .. Invited()];

    private static CorpusFile[] Sites() =>
    [
        Good("sites.csv", Door.Sites, TwoSites, Two),
        Good("sites-semicolon.csv", Door.Sites, TwoSites.Replace(',', ';'), Two),
        Good("sites-utf8-mark.csv", Door.Sites, [0xEF, 0xBB, 0xBF, .. Utf8(TwoSites)], Two),
        Good("sites-blank-in-the-header.csv", Door.Sites, TwoSites.Replace("time_zone", "Time Zone", StringComparison.Ordinal), Two),
        Good("sites-least.csv", Door.Sites, "name,code\nZoé’s hall,S-07\n", "S-07|Zoé’s hall|||0|"),
        Good("sites-with-markup.csv", Door.Sites, "code,name\nA,<script>alert(1)</script>\nB,=1+1\n", "A|<script>alert(1)</script>|||0|", "B|=1+1|||0|"),
        Good("sites.xlsx", Door.Sites, Workbook.Of(["code", "name", "country", "time_zone", "planned", "address"], ["fr", "Lyon", "FR", "Europe/Paris", "4", "Town hall"], ["KE-1", "Nairobi", "KE", "Africa/Nairobi", "3.0", ""]), Two),
        Bad("sites-only-a-header.csv", Door.Sites, "code,name\n", "no-rows"),
        Bad("sites-without-names.csv", Door.Sites, "code,country\nFR,FR\n", "column-missing@1:name"),
        Bad("sites-of-another-kind.csv", Door.Sites, "town,people\nLyon,4\n", "column-missing@1:code", "column-missing@1:name"),
        Bad("sites-codes.csv", Door.Sites, "code,name\n,A\nF R,B\nFR,C\nfr,D\nABCDEFGHIJKLMNOPQRSTU,E\nÉ,F\n", "empty@2:code", "not-a-code@3:code", "value-twice@5:code", "not-a-code@6:code", "not-a-code@7:code"),
        Bad("sites-names.csv", Door.Sites, $"code,name,address\nA,,x\nB,{new string('n', 201)},{new string('a', 201)}\n", "empty@2:name", "cell-too-long@3:name", "cell-too-long@3:address"),
        Bad("sites-everything-else.csv", Door.Sites, "code,name,country,time_zone,planned\nA,A,Frankreich,Mars/Base,1\nB,B,XX,Paris,2001\nC,C,,,-4\n",
            "not-a-country@2:country", "not-a-time-zone@2:time_zone", "not-planned@2:planned", "not-a-country@3:country", "not-a-time-zone@3:time_zone", "not-planned@3:planned", "not-planned@4:planned"),
    ];

    private static CorpusFile[] SitedQuotas() =>
    [
        Good("sited-quotas.csv", Door.SitedQuotas, "site,feature,value,min,max\nFR,Gender,Woman,1,2\nke,Gender,Woman,0,1\nFR,Gender,Man,1,2\n", "FR|Gender|Woman|1|2", "FR|Gender|Man|1|2", "KE|Gender|Woman|0|1"),
        Good("sited-quotas-of-one-site.csv", Door.SitedQuotas, "feature;site;value;min;max\nAge;KE;young;0;3\n", "KE|Age|young|0|3"),
        Good("sited-quotas.xlsx", Door.SitedQuotas, Workbook.Of(["site", "category", "name", "min", "max"], ["KE", "Age", "young", "0", "3.0"]), "KE|Age|young|0|3"),
        Bad("sited-quotas-only-a-header.csv", Door.SitedQuotas, "site,feature,value,min,max\n", "no-rows"),
        Bad("sited-quotas-without-site.csv", Door.SitedQuotas, "feature,value,min,max\nGender,Woman,1,2\n", "column-missing@1:site"),
        Bad("sited-quotas-of-no-site.csv", Door.SitedQuotas, "site,feature,value,min,max\nXX,Gender,Woman,1,2\n,Gender,Man,0,2\n", "unknown-site@2:site", "empty@3:site"),
        Bad("sited-quotas-without-max.csv", Door.SitedQuotas, "site,feature,value,min\nFR,Gender,Woman,1\n", "column-missing@1:max"),
        Bad("sited-quotas-wrong-numbers.csv", Door.SitedQuotas, "site,feature,value,min,max\nFR,Gender,Woman,3,2\nKE,Gender,Woman,one,2\nFR,Gender,woman,0,\nFR,,Man,0,1\n",
            "min-above-max@2:min", "not-a-whole-number@3:min", "empty@4:max", "value-twice@4:value", "empty@5:feature"),
    ];

    private static CorpusFile[] SitedPools() =>
    [
        Good("sited-people.csv", Door.SitedPool, "site,id,name,Gender,Âge\nFR,1,Zoé,woman,30+\nKE,1,,MAN,16–29\nFR,2,,man,30+\n", "FR|1|Zoé|0,1", "FR|2||1,1", "KE|1||1,0"),
        Good("sited-people-without-ids.csv", Door.SitedPool, "site;Gender;Âge\nke;woman;30+\nKE;man;30+\n", "KE|1||0,1", "KE|2||1,1"),
        Good("sited-people.xlsx", Door.SitedPool, Workbook.Of(["id", "site", "Gender", "Âge"], ["7", "FR", "Woman", "30+"]), "FR|7||0,1"),
        Bad("sited-people-only-a-header.csv", Door.SitedPool, "site,id,Gender,Âge\n", "no-rows"),
        Bad("sited-people-without-site.csv", Door.SitedPool, "id,Gender,Âge\n1,woman,30+\n", "column-missing@1:site"),
        Bad("sited-people-of-no-site.csv", Door.SitedPool, "site,id,Gender,Âge\nXX,1,woman,30+\n,2,woman,30+\n", "unknown-site@2:site", "empty@3:site"),
        Bad("sited-people-before-their-quotas.csv", Door.SitedPool, "site,id,Gender,Âge\nFR,1,woman,30+\nJP,1,woman,30+\n", "no-quotas-there@3:site"),
        Bad("sited-people-without-a-criterion.csv", Door.SitedPool, "site,id,Gender\nFR,1,woman\n", "column-missing@1:Âge"),
        Bad("sited-people-wrong-values.csv", Door.SitedPool, "site,id,email,Gender,Âge\nFR,1,,womn,30+\nKE,1,no mail,man,\nFR,1,,man,30+\nFR,,,man,30+\n",
            "unknown-value@2:Gender", "empty@3:Âge", "not-an-email@3:email", "id-twice@4:id", "empty@5:id"),
    ];

    private static CorpusFile[] Invited() =>
    [
        Good("invited.csv", Door.Invited, "feature,value,invited\ngender,WOMAN,120\ngender,man,80\n", "Gender|Woman|120", "Gender|Man|80", "Âge|16–29|", "Âge|30+|"),
        Good("invited-as-strata.csv", Door.Invited, "gender;âge;planned;invited\nwoman;30+;9;7\nman;30+;9;8\nman;16–29;9;9\n", "Gender|Woman|7", "Gender|Man|17", "Âge|16–29|9", "Âge|30+|15"),
        Good("invited.xlsx", Door.Invited, Workbook.Of(["feature", "value", "invited"], ["Âge", "30+", "5"]), "Gender|Woman|", "Gender|Man|", "Âge|16–29|0", "Âge|30+|5"),
        Bad("invited-only-a-header.csv", Door.Invited, "feature,value,invited\n", "no-rows"),
        Bad("invited-without-numbers.csv", Door.Invited, "feature,value\nGender,Woman\n", "column-missing@1:invited"),
        Bad("invited-without-criteria.csv", Door.Invited, "town,invited\nLyon,3\n", "column-missing@1:feature"),
        Bad("invited-wrong.csv", Door.Invited, "feature,value,invited\nSex,Woman,3\nGender,Womn,3\nGender,Man,many\nGender,Man,\nGender,Man,-1\n",
            "unknown-value@2:feature", "unknown-value@3:value", "not-a-whole-number@4:invited", "empty@5:invited", "not-a-whole-number@6:invited"),
        Bad("invited-wrong-strata.csv", Door.Invited, "gender,âge,invited\nwoman,old,3\n,30+,x\n", "unknown-value@2:âge", "not-a-whole-number@3:invited", "unknown-value@3:gender"),
    ];
}
