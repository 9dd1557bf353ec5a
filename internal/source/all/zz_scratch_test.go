package all
import ("testing";"context";"os";"fmt";"muster/internal/record";"muster/internal/source")
func TestScratch(t *testing.T){
 ms,cs,err:=Load(""); if err!=nil {t.Fatal(err)}
 dir:=os.Getenv("SCRATCH"); if dir=="" {t.Skip()}
 rep,err:=source.Read(context.Background(), []string{dir}, source.Options{Mappings:ms,Codes:cs,Key:[]byte("k")}, func(r record.Record) error{ if os.Getenv("ALL")!="" { b,_:=record.Marshal(r); fmt.Println(string(b)) }; return nil})
 if err!=nil {t.Fatal(err)}
 for _,f:=range rep.Files { fmt.Printf("%s rows=%d q=%d unid=%v ref=%v empty=%v inc=%v %s\n",f.Path,f.Rows,f.QuarantinedRows,f.Unidentified,f.Refused,f.Empty,f.Incomplete,f.Why); for _,x:=range f.Formats { fmt.Printf("    %s rec=%d map=%d ign=%d unm=%d q=%d %v %v emitted=%v unread=%v\n",x.Format,x.Records,x.Mapped,x.Ignored,x.Unmapped,x.Quarantined,x.Reasons,x.UnmappedKinds,x.Emitted,x.Unread)} }
 for i,q:=range rep.Quarantine { if i>30 {break}; fmt.Printf("%+v\n",q)}
}
